import { readSyslogTime, type SyslogTimes } from "./rfc3164-time";
import type { SyslogMessage } from "./syslog-message";

/** What Cisco's devices put before the time: a number of their own, and where that is set up their name. */
const SEQUENCE = /^(?:\d{1,10})?: (?:([\w.-]{1,255}): )?(?=[*.]?(?:\d{4} )?[A-Z][a-z]{2} )/;
/** A host, unless it is a tag that ends in a colon or in a process in brackets. Cisco's ASA has a colon of its own behind. */
const HOST = /^([^\s[\]]*[^\s:[\]]) +(?:: )?/;
/** A program, with its process; a colon ends it, or a space behind the process (RFC 3164, 4.1.3 and 5.3). */
const TAG = /^([^\s:[\]]{1,255})(?:\[([^\]\s]{0,128})\](?::? |:?$)|:(?: |$))/;
/** Without a time before it only what looks like a program is one. */
const BARE_TAG = /^([A-Za-z][\w./@-]{0,127})(?:\[(\d{1,10})\])?: /;
/** Cisco's message id, such as %SYS-5-CONFIG_I. */
const MNEMONIC = /^%([A-Z][\w-]*-[0-7]-\w+):/;

/**
 * Reads what stands behind the priority as devices and programs write it, of which RFC 3164 describes a part: a time, a host and a tag,
 * each of which may be missing. What is none of them is message.
 */
export function readRfc3164(text: string, priority: number | null, times: SyslogTimes): SyslogMessage {
  const sequence = SEQUENCE.exec(text);
  const from = sequence?.[0].length ?? 0;
  const time = readSyslogTime(text.slice(from), times);
  const base = { priority, timestamp: time?.timestamp ?? null, host: null, msgid: null, structuredData: [] };
  if (!time) return { ...base, msgid: mnemonicOf(text), ...tagged(text, BARE_TAG) };
  const behind = text.slice(from + time.end);
  // Cisco's devices end the time with a colon, and their message follows.
  if (behind.startsWith(":")) {
    const message = behind.slice(1).trimStart();
    return { ...base, host: sequence?.[1] ?? null, msgid: mnemonicOf(message), app: null, procid: null, message };
  }
  const rest = behind.trimStart();
  const host = TAG.test(rest) ? null : HOST.exec(rest);
  const message = rest.slice(host?.[0].length ?? 0);
  return { ...base, host: host?.[1] ?? null, msgid: mnemonicOf(message), ...tagged(message, TAG) };
}

function tagged(text: string, pattern: RegExp): Pick<SyslogMessage, "app" | "procid" | "message"> {
  const tag = text.startsWith("%") ? null : pattern.exec(text);
  if (!tag) return { app: null, procid: null, message: text };
  return { app: tag[1] ?? null, procid: tag[2] || null, message: text.slice(tag[0].length).trimStart() };
}

const mnemonicOf = (message: string) => MNEMONIC.exec(message)?.[1] ?? null;
