import { EntryReader } from "@/core/ingest/decode/entry-reader";
import type { Places } from "@/core/ingest/decode/places";
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
export const readLine = (line: string, parameters: IngestParameters = {}): ReadLine | string =>
  readPlaced(Buffer.from(line), 0, Buffer.byteLength(line), parameters);

/** The same of one that a decoder hands on. @param places of its members, if the decoder knows them */
export function readPlaced(
  source: Buffer,
  from: number,
  end: number,
  parameters: IngestParameters = {},
  places?: Places,
): ReadLine | string {
  const reader = new EntryReader();
  const block = new RowBlock();
  const options = {
    nowMs: Date.parse(ARRIVAL),
    retention: new RetentionPlan(RETENTION_DAYS),
    masker: null,
    parameters,
  };
  const reason = readEntry(reader, source, from, end, parameters, places) ?? normalise(reader, block, 0, options);
  if (reason !== null) return reason;
  block.numberRows(0, 0);
  const [row] = readRows(block);
  if (!row) throw new RangeError("the row is missing");
  return { ...row, attributes: JSON.parse(row.attributes ?? "{}") };
}
