import { invalid } from "@/core/errors";
import type { Decoder, EntrySink } from "@/core/ingest/decode/decoder";
import { EntryText, memberName } from "@/core/ingest/protocols/entry-text";
import { HIGHEST_PRIORITY, severityOf } from "@/core/ingest/protocols/syslog/priority";
import { eachFrame, SyslogFrames } from "@/core/ingest/protocols/syslog/syslog-frames";
import { wireText } from "@/core/ingest/protocols/wire-text";
import { readLinePrefix } from "@/core/ingest/recognise/line-prefix";

const TIMESTAMP = memberName("timestamp");
const LEVEL = memberName("level");
const HOST = memberName("host");
const SOURCE = memberName("source");
const DYNO = memberName("dyno");
const MSGID = memberName("msgid");
const MESSAGE = memberName("message");

/** RFC 5424 but for structured data, for which nothing stands, so that a message may begin with what looks like it. */
const HEADER = /^<(\d{1,3})>\d{1,3} (\S+) (\S+) (\S+) (\S+) (\S+)(?: |$)/;
const NIL = "-";
/** Of hosts that stand for none. */
const NO_HOST = "host";
/** The router says how a request went at the beginning: everything has the same priority. */
const ROUTERS_LEVEL = /^at=(\w+)/;
const LINE_END = /[\r\n\0]+$/;

/**
 * Lines of Heroku's apps, routers and add-ons as its log drains send them over HTTPS (heroku/logplex, "Logplex HTTP Drains"): the type
 * application/logplex-1, messages of syslog whose length is told before each.
 * @param nowMs for times without a year in lines of text
 */
export const logplex =
  (nowMs: number) =>
  (sink: EntrySink): Decoder => {
    const frames = new SyslogFrames();
    const text = new EntryText();
    const read = (frame: Buffer) => readMessage(wireText(frame).replace(LINE_END, ""), nowMs, text, sink);
    return {
      push: (chunk) => eachFrame(frames.push(chunk), read),
      finish() {
        if (frames.held > 0) throw invalid("the body ends within a message");
      },
      get held() {
        return frames.held;
      },
    };
  };

function readMessage(line: string, nowMs: number, text: EntryText, sink: EntrySink): void {
  const header = HEADER.exec(line);
  const priority = Number(header?.[1]);
  if (!header || priority > HIGHEST_PRIORITY) {
    sink.rejected("not a message of syslog as RFC 5424 has it");
    return;
  }
  const [matched, , timestamp = NIL, host = NIL, source = NIL, dyno = NIL, msgid = NIL] = header;
  const message = line.slice(matched.length);
  const level = readLinePrefix(message, nowMs).level ?? ROUTERS_LEVEL.exec(message)?.[1] ?? severityOf(priority);
  text.begin().text(LEVEL, level);
  if (timestamp !== NIL) text.text(TIMESTAMP, timestamp);
  if (host !== NIL && host !== NO_HOST) text.text(HOST, host);
  if (source !== NIL) text.text(SOURCE, source);
  if (dyno !== NIL) text.text(DYNO, dyno);
  if (msgid !== NIL) text.text(MSGID, msgid);
  if (message !== "") text.text(MESSAGE, message);
  text.end(sink);
}
