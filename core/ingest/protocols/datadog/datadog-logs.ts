import type { Decoder, EntrySink } from "@/core/ingest/decode/decoder";
import { JsonDocumentDecoder } from "@/core/ingest/decode/json-document";
import type { JsonMember } from "@/core/ingest/decode/json-members";
import { LinesOrDocumentDecoder } from "@/core/ingest/decode/lines-or-document";
import { TextLinesDecoder } from "@/core/ingest/decode/text-lines";
import { levelIndex } from "@/core/ingest/level";
import { memberName } from "@/core/ingest/protocols/entry-text";
import { kindOf, rewritten, says, textOf } from "@/core/ingest/protocols/rewritten";
import { KIND } from "@/core/ingest/recognise/find-name";
import { joinTags, parseTags, tagValue } from "./tags";

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
    const sharedTags = parseTags(shared.ddtags);
    const logs = rewritten(sink, (source, members, text) => {
      if (members.length === 0) return false;
      const known = new Map(members.map((member) => [member.name, member]));
      const own = textOf(source, known.get("ddtags"));
      const { tags, areAll } = joinTags(own === null ? [] : parseTags(own), sharedTags);
      const level = known.get("status");
      const isLevel = level !== undefined && saysLevel(source, level);
      for (const member of members) {
        if ((member === level && isLevel) || (member.name === "ddtags" && own !== null && areAll)) continue;
        text.members(source, member.nameFrom, member.end);
      }
      for (const name of ["ddsource", "hostname"] as const)
        if (!known.has(name) && shared[name] !== "") text.namedBy(name).string(shared[name]);
      if (own === null && !areAll && !known.has("ddtags")) text.namedBy("ddtags").string(shared.ddtags);
      if (isLevel) text.json(LEVEL, source, level.from, level.end);
      if (tags.length > 0) text.name(TAGS).value(Buffer.from(JSON.stringify(tags)));
      if (!members.some((member) => says("service", member.name, kindOf(source, member)))) {
        const service =
          tagValue(tags, "service") || shared.service || textOf(source, known.get("ddsource")) || shared.ddsource;
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
