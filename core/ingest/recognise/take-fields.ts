import type { EntryReader } from "@/core/ingest/decode/entry-reader";
import type { FieldPaths } from "@/core/ingest/ingest-parameters";

/** Takes the members that the sender has other names for, whatever the table of names says. */
export function takeFields(reader: EntryReader, { message, timestamp, level, service }: FieldPaths): void {
  if (message !== undefined) reader.take("message", message);
  if (timestamp !== undefined) reader.take("timestamp", timestamp);
  if (level !== undefined) reader.take("level", level);
  if (service !== undefined) reader.take("service", service);
}
