import type { EntryReader } from "./decode/entry-reader";
import type { Places } from "./decode/places";
import type { IngestParameters } from "./ingest-parameters";
import { withoutMembers } from "./recognise/without-members";

/**
 * Reads one entry, without the members that its sender wants ignored.
 * @param places of its members, if they are known
 * @returns null when it could be read, else the reason why not
 */
export function readEntry(
  reader: EntryReader,
  source: Buffer,
  from: number,
  end: number,
  { ignored }: IngestParameters,
  places?: Places,
): string | null {
  const reason = places ? reader.readPlaces(source, from, end, places) : reader.read(source, from, end);
  if (!ignored || reason !== null) return reason;
  const rest = withoutMembers(source, reader.scanner.skipSpace(from), end, ignored);
  return reader.read(rest, 0, rest.length);
}
