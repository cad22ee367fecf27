import type { EntrySink } from "@/core/ingest/decode/decoder";
import type { EntryText } from "@/core/ingest/protocols/entry-text";
import { facilityOf, severityOf } from "./priority";
import type { StructuredData, SyslogMessage } from "./syslog-message";
import { SYSLOG_NAMES } from "./syslog-names";

/** Before a message that is JSON for those who know Common Event Expression (rsyslog's mmjsonparse, "cookie"). */
const CEE = /^@cee: ?(?=\{)/;

/**
 * Writes a message as an entry. Without a program the host is the
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
  if (timestamp !== null) text.text(SYSLOG_NAMES.timestamp, timestamp);
  if (level !== null) text.text(SYSLOG_NAMES.level, level);
  if (priority !== null)
    text.text(SYSLOG_NAMES.severity, severityOf(priority)).text(SYSLOG_NAMES.facility, facilityOf(priority));
  text.text(SYSLOG_NAMES.host, host ?? address);
  if (isSyslog) text.text(SYSLOG_NAMES.app, app ?? host ?? address);
  if (procid !== null) text.text(SYSLOG_NAMES.procid, procid);
  if (msgid !== null) text.text(SYSLOG_NAMES.msgid, msgid);
  if (message.structuredData.length > 0) writeData(message.structuredData, text);
  const line = message.message.replace(CEE, "");
  if (line !== "") text.text(SYSLOG_NAMES.message, line);
  text.end(sink);
}

/** Within `attributes`, where no name is taken for a time, a level or a message. A parameter that is there twice is a list. */
function writeData(elements: readonly StructuredData[], text: EntryText): void {
  text.name(SYSLOG_NAMES.attributes).open();
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
