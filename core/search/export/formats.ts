import { stringify } from "csv-stringify/sync";
import { nounFor } from "@/core/noun";
import type { Completeness } from "@/core/segments/schemas";
import { entryText } from "../entry-json";
import type { Entry } from "../schemas";

export const EXPORT_FORMATS = ["csv", "ndjson"] as const;

export type ExportFormat = (typeof EXPORT_FORMATS)[number];

type Format = {
  contentType: string;
  head: string;
  rows(entries: readonly Entry[]): string;
  /** What stands at the end when some could not be read. */
  incomplete(completeness: Completeness): string;
};

const COLUMNS = ["timestamp", "level", "service", "message", "tags", "attributes", "id"] as const;

/** What a spreadsheet may take for a formula, also behind white space that it strips; a tab or CR may begin a new cell. */
const FORMULA = /^(?:\s*[=+\-@＝＋－＠]|[\t\r])/u;
const NEGATIVE_NUMBER = /^-\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** An apostrophe before it makes a formula a text (OWASP, CSV injection). */
const neutralise = (cell: string) => (FORMULA.test(cell) && !NEGATIVE_NUMBER.test(cell) ? `'${cell}` : cell);

/** RFC 4180: CRLF, quotes where needed. */
const csv = (rows: readonly (readonly string[])[]) =>
  stringify(
    rows.map((row) => row.map(neutralise)),
    { record_delimiter: "windows", quoted_match: /[\r\n]/ },
  );

export const FORMATS: Readonly<Record<ExportFormat, Format>> = {
  csv: {
    contentType: "text/csv; charset=utf-8; header=present",
    head: csv([COLUMNS]),
    rows: (entries) =>
      csv(
        entries.map(({ timestamp, level, service, message, tags, attributes, id }) => [
          timestamp,
          level,
          service,
          message,
          tags === null ? "" : JSON.stringify(tags),
          attributes ?? "",
          id,
        ]),
      ),
    incomplete: ({ missing_segments, missing_count }) =>
      csv([
        [
          "incomplete",
          "",
          "",
          `${missing_count} ${nounFor(missing_count, "segment")} could not be read`,
          "",
          JSON.stringify({ missing_segments }),
          "",
        ],
      ]),
  },
  ndjson: {
    contentType: "application/x-ndjson",
    head: "",
    rows: (entries) => entries.map((entry) => `${entryText(entry)}\n`).join(""),
    incomplete: (completeness) => `${JSON.stringify(completeness)}\n`,
  },
};
