import { wireText } from "@/core/ingest/protocols/wire-text";
import { readLinePrefix } from "@/core/ingest/recognise/line-prefix";
import { HIGHEST_PRIORITY, severityOf } from "./priority";
import { readRfc3164 } from "./rfc3164";
import type { SyslogTimes } from "./rfc3164-time";
import { readRfc5424 } from "./rfc5424";
import type { SyslogMessage } from "./syslog-message";

const PRIORITY = /^<(\d{1,3})>/;
/** As files below /var/log have it. */
const STARTS_WITH_MONTH = /^[A-Z][a-z]{2} /;

/**
 * Reads one syslog message, without its frame. Every text is one: what does not follow RFC 5424 is read as RFC 3164 as far as it
 * follows that, and the rest is message. A line without a priority is read as any line of text, unless it has a time, a host and a
 * program before it.
 */
export function readSyslog(bytes: Buffer, times: SyslogTimes): SyslogMessage & { level: string | null } {
  const text = wireText(withoutEnd(bytes));
  const found = PRIORITY.exec(text);
  const priority = Number(found?.[1]);
  if (!found || priority > HIGHEST_PRIORITY) return readLine(text, times);
  const rest = text.slice(found[0].length);
  const message = readRfc5424(rest, priority) ?? readRfc3164(rest, priority, times);
  return { ...message, level: severityOf(priority) };
}

function readLine(text: string, times: SyslogTimes): SyslogMessage & { level: string | null } {
  const { timestamp = null, level = null } = readLinePrefix(text, times.nowMs);
  const message = readRfc3164(text, null, times);
  if (message.app !== null && STARTS_WITH_MONTH.test(text)) return { ...message, level };
  return { ...message, timestamp, level, host: null, app: null, procid: null, msgid: null, message: text };
}

/** Without what senders end a message with though its frame ends it: line breaks, NUL. */
function withoutEnd(bytes: Buffer): Buffer {
  let end = bytes.length;
  while (end > 0 && [0x00, 0x0a, 0x0d].includes(bytes[end - 1] ?? -1)) end--;
  return bytes.subarray(0, end);
}
