import type { Decoder, EntrySink } from "@/core/ingest/decode/decoder";
import { JsonScanner } from "@/core/ingest/decode/json-scanner";
import { LinesOrDocumentDecoder } from "@/core/ingest/decode/lines-or-document";
import { NdjsonDecoder } from "@/core/ingest/decode/ndjson";
import { Places } from "@/core/ingest/decode/places";
import { memberName } from "@/core/ingest/protocols/entry-text";
import { isSaid, rewritten } from "@/core/ingest/protocols/rewritten";
import { KIND } from "@/core/ingest/recognise/find-name";

const SERVICE = memberName("service");
const MESSAGE = memberName("message");
const MESSAGE_NAME = Buffer.from("message");
const PROJECT = Buffer.from("projectName");
const PROXY = Buffer.from("proxy");
const PATH = Buffer.from("path");
const METHOD = Buffer.from("method");
const STATUS = Buffer.from("statusCode");

/**
 * Logs of functions, builds and requests as Vercel's drains send them: an array, or one a line (Vercel, "Log Drains Reference"). The service
 * is the project's name. What has no message, as requests that no function answered, gets one of the request: `GET /about 200`.
 */
export const vercelLogs = (sink: EntrySink): Decoder => {
  const logs = rewritten(sink, (source, members, text) => {
    const message = members.find(source, MESSAGE_NAME);
    const request = members.textOf(source, message)?.trim() ? null : requestOf(source, members);
    text.membersBut(source, members, request === null ? -1 : message);
    if (request !== null) text.text(MESSAGE, request);
    if (!isSaid("service", source, members)) {
      const project = members.textOf(source, members.find(source, PROJECT));
      if (project) text.text(SERVICE, project);
    }
    return true;
  });
  return new LinesOrDocumentDecoder(logs, new NdjsonDecoder(logs));
};

/** Method, path and status of a request, as far as they are there; null when there is no path. */
function requestOf(source: Buffer, members: Places): string | null {
  const proxy = members.find(source, PROXY);
  const within = new Places();
  if (proxy >= 0) {
    const scanner = new JsonScanner();
    scanner.reset(source, members.end[proxy] as number);
    scanner.scanMembers(members.from[proxy] as number, within);
  }
  const path = within.textOf(source, within.find(source, PATH)) ?? members.textOf(source, members.find(source, PATH));
  if (!path) return null;
  const method = within.textOf(source, within.find(source, METHOD));
  return [method, path, statusOf(source, within) ?? statusOf(source, members)].filter(Boolean).join(" ");
}

/** @returns null for none, and for one that is no number */
function statusOf(source: Buffer, members: Places): string | null {
  const status = members.find(source, STATUS);
  if (status < 0 || members.kindOf(source, status) !== KIND.number) return null;
  return source.toString("latin1", members.from[status], members.end[status]);
}
