import { stringify } from "csv-stringify/sync";
import type { Entry } from "../schemas";

export const EXPORT_FORMATS = ["csv", "ndjson"] as const;

export type ExportFormat = (typeof EXPORT_FORMATS)[number];

type Format = { contentType: string; head: string; rows(entries: readonly Entry[]): string };

const COLUMNS = ["timestamp", "level", "service", "message", "tags", "attributes", "id"] as const;

/**
 * RFC 4180: CRLF, quotes where needed. A cell that a spreadsheet would take for a formula gets an apostrophe before it
 * (OWASP, CSV injection).
 */
const csv = (rows: readonly (readonly string[])[]) =>
  stringify([...rows.map((row) => [...row])], {
    record_delimiter: "windows",
    escape_formulas: true,
    quoted_match: /[\r\n]/,
  });

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
          attributes === null ? "" : JSON.stringify(attributes),
          id,
        ]),
      ),
  },
  ndjson: {
    contentType: "application/x-ndjson",
    head: "",
    rows: (entries) => entries.map((entry) => `${JSON.stringify(entry)}\n`).join(""),
  },
};
