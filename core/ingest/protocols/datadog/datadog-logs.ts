import type { Decoder, EntrySink } from "@/core/ingest/decode/decoder";
import { JsonDocumentDecoder } from "@/core/ingest/decode/json-document";
import type { JsonMember } from "@/core/ingest/decode/json-members";
import { LinesOrDocumentDecoder } from "@/core/ingest/decode/lines-or-document";
import { TextLinesDecoder } from "@/core/ingest/decode/text-lines";
import { levelIndex } from "@/core/ingest/level";
import { memberName } from "@/core/ingest/protocols/entry-text";
import { copyMembers, kindOf, memberOf, rewritten, says, textOf } from "@/core/ingest/protocols/rewritten";
import { KIND } from "@/core/ingest/recognise/find-name";
import { tagJoiner } from "./tags";

const LEVEL = memberName("level");
const SERVICE = memberName("service");
const TAGS = memberName("tags");

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
    const joined = tagJoiner(shared.ddtags);
    const logs = rewritten(sink, (source, members, text) => {
      if (members.length === 0) return false;
      const ddtags = memberOf(members, "ddtags");
      const own = textOf(source, ddtags);
      const { json, areAll, service: tagged } = joined(own);
      const status = memberOf(members, "status");
      const level = status && saysLevel(source, status) ? status : undefined;
      const read = own !== null && areAll ? ddtags : undefined;
      copyMembers(source, members, (member) => member === level || member === read, text);
      const ddsource = memberOf(members, "ddsource");
      if (!ddsource && shared.ddsource !== "") text.namedBy("ddsource").string(shared.ddsource);
      if (shared.hostname !== "" && !memberOf(members, "hostname")) text.namedBy("hostname").string(shared.hostname);
      if (!areAll && !ddtags) text.namedBy("ddtags").string(shared.ddtags);
      if (level) text.json(LEVEL, source, level.from, level.end);
      if (json) text.json(TAGS, json);
      if (!members.some((member) => says("service", member.name, kindOf(source, member)))) {
        const service = tagged || shared.service || textOf(source, ddsource) || shared.ddsource;
        if (service) text.text(SERVICE, service);
      }
      return true;
    });
    return type === "json"
      ? new JsonDocumentDecoder(logs)
      : new LinesOrDocumentDecoder(logs, new TextLinesDecoder(logs, nowMs));
  };

/** Whether a status is a level, by its name or as syslog's number: programs also have HTTP's numbers and states of their own there. */
function saysLevel(source: Buffer, member: JsonMember): boolean {
  const quotes = kindOf(source, member) === KIND.text ? 1 : 0;
  const from = member.from + quotes;
  const end = member.end - quotes;
  const isNumber = /^\d/.test(source.toString("latin1", from, from + 1));
  return (!isNumber || end - from === 1) && levelIndex(source, from, end) >= 0;
}
