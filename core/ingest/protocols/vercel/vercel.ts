import type { Decoder, EntrySink } from "@/core/ingest/decode/decoder";
import { type JsonMember, membersOf } from "@/core/ingest/decode/json-members";
import { LinesOrDocumentDecoder } from "@/core/ingest/decode/lines-or-document";
import { NdjsonDecoder } from "@/core/ingest/decode/ndjson";
import { memberName } from "@/core/ingest/protocols/entry-text";
import { copyMembers, kindOf, memberOf, rewritten, says, textOf } from "@/core/ingest/protocols/rewritten";
import { KIND } from "@/core/ingest/recognise/find-name";

const SERVICE = memberName("service");
const MESSAGE = memberName("message");

/**
 * Logs of functions, builds and requests as Vercel's drains send them: an array, or one a line (Vercel, "Log Drains Reference"). The service
 * is the project's name. What has no message, as requests that no function answered, gets one of the request: `GET /about 200`.
 */
export const vercelLogs = (sink: EntrySink): Decoder => {
  const logs = rewritten(sink, (source, members, text) => {
    const message = textOf(source, memberOf(members, "message"));
    const request = message?.trim() ? null : requestOf(source, members);
    copyMembers(source, members, (member) => request !== null && member.name === "message", text);
    if (request !== null) text.text(MESSAGE, request);
    if (!members.some((member) => says("service", member.name, kindOf(source, member)))) {
      const project = textOf(source, memberOf(members, "projectName"));
      if (project) text.text(SERVICE, project);
    }
    return true;
  });
  return new LinesOrDocumentDecoder(logs, new NdjsonDecoder(logs));
};

/** Method, path and status of a request, as far as they are there; null when there is no path. */
function requestOf(source: Buffer, members: readonly JsonMember[]): string | null {
  const proxy = memberOf(members, "proxy");
  const within = proxy && kindOf(source, proxy) === KIND.object ? membersOf(source, proxy.from, proxy.end) : [];
  const path = textOf(source, memberOf(within, "path")) ?? textOf(source, memberOf(members, "path"));
  if (!path) return null;
  const status = memberOf(within, "statusCode") ?? memberOf(members, "statusCode");
  const parts = [
    textOf(source, memberOf(within, "method")),
    path,
    status && kindOf(source, status) === KIND.number ? source.toString("latin1", status.from, status.end) : null,
  ];
  return parts.filter(Boolean).join(" ");
}
