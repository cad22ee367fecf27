import { readStructuredData } from "./structured-data";
import type { SyslogMessage } from "./syslog-message";

/** Behind the priority: version, time, host, application, process, message id. A time tells it from other formats. */
const HEADER = /^\d{1,3} (-|\d{4}-\d\d-\d\d[Tt]\S+) (\S+) (\S+) (\S+) (\S+)(?: |$)/;
const NIL = "-";
const BYTE_ORDER_MARK = "\uFEFF";

/**
 * Reads what stands behind the priority as RFC 5424 has it. What should be structured data and is none is message: some senders
 * leave it out.
 * @returns null when it is another format
 */
export function readRfc5424(text: string, priority: number): SyslogMessage | null {
  const header = HEADER.exec(text);
  if (!header) return null;
  const [matched, ...fields] = header;
  const [timestamp = null, host = null, app = null, procid = null, msgid = null] = fields.map(orNull);
  const { elements, rest } = dataOf(text, matched.length);
  const message = rest.startsWith(BYTE_ORDER_MARK) ? rest.slice(1) : rest;
  return { priority, timestamp, host, app, procid, msgid, structuredData: elements, message };
}

const orNull = (field: string) => (field === NIL ? null : field);

function dataOf(text: string, from: number) {
  const data = readStructuredData(text, from);
  const end = data?.end ?? (text[from] === NIL ? from + NIL.length : from);
  // What follows structured data without a space is not what the grammar says, and no part of it.
  const isData = end > from && (end === text.length || text[end] === " ");
  return isData
    ? { elements: data?.elements ?? [], rest: text.slice(end + 1) }
    : { elements: [], rest: text.slice(from) };
}
