import { queryError } from "@/core/search/query/query-error";
import { readCall } from "./parse-call";
import type { PipeReader } from "./pipe-reader";

/**
 * A column of the table, by its name.
 * @throws Fault invalid for one that there is not, with those that there are
 */
export function readColumn(reader: PipeReader, columns: ReadonlySet<string>): string {
  const start = reader.at;
  const known = columnAt(reader, columns);
  if (known !== null) return known;
  throw queryError(
    `there is no column ${reader.text.slice(start, reader.at).trim()}: there are ${[...columns].join(", ")}`,
    start,
    Math.max(1, reader.at - start),
  );
}

function columnAt(reader: PipeReader, columns: ReadonlySet<string>): string | null {
  // A column without a name goes by its call, however that is written.
  const { at } = reader;
  const quoted = reader.quoted();
  if (quoted !== null) return columns.has(quoted) ? quoted : null;
  const written = [...columns]
    .filter((name) => reader.text.startsWith(name, at))
    .sort((a, b) => b.length - a.length)[0];
  if (written !== undefined && !/[\p{L}\p{N}_(.]/u.test(reader.text[at + written.length] ?? "")) {
    reader.take(written);
    return written;
  }
  const name = reader.name("a column");
  if (!reader.take("(")) return columns.has(name) ? name : null;
  reader.at = at;
  const call = readCall(reader).name;
  return columns.has(call) ? call : null;
}
