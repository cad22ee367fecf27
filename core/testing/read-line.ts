import { EntryReader } from "@/core/ingest/decode/entry-reader";
import type { IngestParameters } from "@/core/ingest/ingest-parameters";
import { normalise } from "@/core/ingest/normalise";
import { readEntry } from "@/core/ingest/read-entry";
import { readRows } from "@/core/ingest/read-rows";
import { RowBlock } from "@/core/ingest/row-block";
import { RetentionPlan } from "@/core/retention/retention-plan";
import type { EntryRow } from "@/core/search/entry-row";
import { RETENTION_DAYS } from "./test-database";

/** When the lines of readLine arrive. */
export const ARRIVAL = "2026-11-26T16:00:00.000Z";

export type ReadLine = Omit<EntryRow, "attributes"> & {
  /** Parsed; empty when there are none. */
  attributes: Record<string, unknown>;
};

/**
 * What becomes of one line on its way to the database, without one.
 * @returns the reason when it is rejected
 */
export function readLine(line: string, parameters: IngestParameters = {}): ReadLine | string {
  const reader = new EntryReader();
  const block = new RowBlock();
  const source = Buffer.from(line);
  const options = {
    nowMs: Date.parse(ARRIVAL),
    retention: new RetentionPlan(RETENTION_DAYS),
    masker: null,
    parameters,
  };
  const reason = readEntry(reader, source, 0, source.length, parameters) ?? normalise(reader, block, 0, options);
  if (reason !== null) return reason;
  const [row] = readRows(block);
  if (!row) throw new RangeError("the row is missing");
  return { ...row, attributes: JSON.parse(row.attributes ?? "{}") };
}
