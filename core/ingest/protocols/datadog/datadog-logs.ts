import type { Decoder, EntrySink } from "@/core/ingest/decode/decoder";
import { JsonDocumentDecoder } from "@/core/ingest/decode/json-document";
import { LinesOrDocumentDecoder } from "@/core/ingest/decode/lines-or-document";
import type { Places } from "@/core/ingest/decode/places";
import { TextLinesDecoder } from "@/core/ingest/decode/text-lines";
import { levelIndex } from "@/core/ingest/level";
import { memberName } from "@/core/ingest/protocols/entry-text";
import { isSaid, rewritten } from "@/core/ingest/protocols/rewritten";
import { KIND } from "@/core/ingest/recognise/find-name";
import { tagJoiner } from "./tags";

const LEVEL = memberName("level");
const SERVICE = memberName("service");
const TAGS = memberName("tags");
const READ = ["ddtags", "ddsource", "status", "hostname"].map((name) => Buffer.from(name));
const READ_LENGTHS = new Set(READ.map(({ length }) => length));

/** What a request says of all its logs, by parameters of its address; empty for what it doesn't. */
export type DatadogParameters = { ddsource: string; ddtags: string; hostname: string; service: string };

/**
 * Logs as Datadog's agent and libraries send them: one, an array of them, or one a line, as JSON or as text (Datadog API, "Send logs").
 * A log without anything is none: with it the agent asks whether somebody is there.
 * @param nowMs for times without a year in lines of text
 */
export const datadogLogs =
  (type: "json" | "text", shared: DatadogParameters, nowMs: number) =>
  (sink: EntrySink): Decoder => {
    const joiner = tagJoiner(shared.ddtags);
    const found = READ.map(() => -1);
    const logs = rewritten(sink, (source, members, text) => {
      if (members.count === 0) return false;
      findAll(source, members, found);
      const ddtags = found[0] ?? -1;
      const ddsource = found[1] ?? -1;
      const status = found[2] ?? -1;
      const hostname = found[3] ?? -1;
      const hasOwn = ddtags >= 0 && members.kindOf(source, ddtags) === KIND.text;
      const { json, areAll, service: tagged } = joiner(source, members, hasOwn ? ddtags : -1);
      const level = saysLevel(source, members, status) ? status : -1;
      const read = hasOwn && areAll ? ddtags : -1;
      text.membersBut(source, members, level, read);
      if (ddsource < 0 && shared.ddsource !== "") text.namedBy("ddsource").string(shared.ddsource);
      if (shared.hostname !== "" && hostname < 0) text.namedBy("hostname").string(shared.hostname);
      if (!areAll && ddtags < 0) text.namedBy("ddtags").string(shared.ddtags);
      if (level >= 0) text.moved(LEVEL, source, members, level);
      if (json) text.json(TAGS, json);
      if (!isSaid("service", source, members)) {
        const service = tagged || shared.service || members.textOf(source, ddsource) || shared.ddsource;
        if (service) text.text(SERVICE, service);
      }
      return true;
    });
    return type === "json"
      ? new JsonDocumentDecoder(logs)
      : new LinesOrDocumentDecoder(logs, new TextLinesDecoder(logs, nowMs));
  };

/** The last member of each of READ, which is the one that JSON's readers see. */
function findAll(source: Buffer, members: Places, found: number[]): void {
  found.fill(-1);
  for (let index = 0; index < members.count; index++) {
    const length = (members.nameEnd[index] as number) - (members.nameFrom[index] as number) - 1;
    if (!members.isNameEscaped[index] && !READ_LENGTHS.has(length)) continue;
    for (let place = 0; place < READ.length; place++)
      if (members.isNamed(source, index, READ[place] as Buffer)) found[place] = index;
  }
}

/** Whether a status is a level, by its name or as syslog's number: programs also have HTTP's numbers and states of their own there. */
function saysLevel(source: Buffer, members: Places, status: number): boolean {
  if (status < 0) return false;
  const quotes = members.kindOf(source, status) === KIND.text ? 1 : 0;
  const from = (members.from[status] as number) + quotes;
  const end = (members.end[status] as number) - quotes;
  const first = source[from] as number;
  const isNumber = first >= 0x30 && first <= 0x39;
  return (!isNumber || end - from === 1) && levelIndex(source, from, end) >= 0;
}
