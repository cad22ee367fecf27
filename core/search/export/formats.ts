import { csv } from "@/core/csv";
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
