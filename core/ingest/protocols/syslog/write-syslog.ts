import type { EntrySink } from "@/core/ingest/decode/decoder";
import { type EntryText, memberName } from "@/core/ingest/protocols/entry-text";
import { facilityOf, severityOf } from "./priority";
import type { StructuredData, SyslogMessage } from "./syslog-message";

const TIMESTAMP = memberName("timestamp");
const LEVEL = memberName("level");
const SEVERITY = memberName("severity");
const FACILITY = memberName("facility");
const HOST = memberName("host");
const APP = memberName("app");
const PROCID = memberName("procid");
const MSGID = memberName("msgid");
const MESSAGE = memberName("message");
const ATTRIBUTES = memberName("attributes");
/** Before a message that is JSON for those who know Common Event Expression (rsyslog's mmjsonparse, "cookie"). */
const CEE = /^@cee: ?(?=\{)/;

/**
 * Writes a message as an entry. The severity is an attribute beside the level, which has fewer names. Without a program the host is the
 * service: devices have no other name.
 * @param address of the sender, for messages that name no host
 */
export function writeSyslog(
  message: SyslogMessage & { level: string | null },
  address: string,
  text: EntryText,
  sink: EntrySink,
): void {
  const { priority, level, timestamp, host, app, procid, msgid } = message;
  const isSyslog = priority !== null || app !== null;
  text.begin();
  if (timestamp !== null) text.text(TIMESTAMP, timestamp);
  if (level !== null) text.text(LEVEL, level);
  if (priority !== null) text.text(SEVERITY, severityOf(priority)).text(FACILITY, facilityOf(priority));
  text.text(HOST, host ?? address);
  if (isSyslog) text.text(APP, app ?? host ?? address);
  if (procid !== null) text.text(PROCID, procid);
  if (msgid !== null) text.text(MSGID, msgid);
  if (message.structuredData.length > 0) writeData(message.structuredData, text);
  const line = message.message.replace(CEE, "");
  if (line !== "") text.text(MESSAGE, line);
  text.end(sink);
}

/** Within `attributes`, where no name is taken for a time, a level or a message. A parameter that is there twice is a list. */
function writeData(elements: readonly StructuredData[], text: EntryText): void {
  text.name(ATTRIBUTES).open();
  for (const { id, parameters } of elements) {
    text.namedBy(id).open();
    const values = new Map<string, string[]>();
    for (const [name, value] of parameters) {
      const known = values.get(name);
      if (known) known.push(value);
      else values.set(name, [value]);
    }
    for (const [name, [first = "", ...more]] of values) {
      text.namedBy(name);
      if (more.length === 0) text.string(first);
      else text.value(Buffer.from(JSON.stringify([first, ...more])));
    }
    text.close();
  }
  text.close();
}
