import { EntryReader } from "@/core/ingest/decode/entry-reader";
import { TextLinesDecoder } from "@/core/ingest/decode/text-lines";
import type { IngestParameters } from "@/core/ingest/ingest-parameters";
import { type NormaliseOptions, normalise } from "@/core/ingest/normalise";
import { readEntry } from "@/core/ingest/read-entry";
import { readRows } from "@/core/ingest/read-rows";
import { RowBlock } from "@/core/ingest/row-block";
import { LEVELS } from "@/core/levels";

/** How lines are stored now. */
export type StoredForm = Pick<NormaliseOptions, "nowMs" | "retention" | "masker">;

/** What a line becomes when it is stored. */
export type LineEntry = {
  message: string;
  /** Else the message is the line. */
  isJson: boolean;
  /** Index in LEVELS; null when the line names none. */
  level: number | null;
  /** Null when the line names none. */
  service: string | null;
  tags: readonly string[];
  /** JSON text. */
  attributes: string | null;
};

/** An entry as Cordwood's own API and page give it has members that were not sent. */
const OWN_ID = /"id"\s*:\s*"\d{1,16}-\d{1,19}"/;
const OWN_MEMBERS = ["id", "pattern"];

/**
 * Reads text as lines of a log that are sent as plain text: the lines of a stack trace are one entry, colours are taken off,
 * secrets are masked, JSON is read.
 * @returns none when one of them could not be stored
 */
export function readLines(text: string, form: StoredForm): LineEntry[] {
  const plain = text
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");
  const entries: (LineEntry | null)[] = [];
  const decoder = new TextLinesDecoder(
    {
      entry: (source, from, end) => {
        const sent = source.toString("utf8", from, end);
        entries.push(readLine(sent, plain.includes(sent), form));
      },
      rejected: () => entries.push(null),
    },
    form.nowMs,
  );
  decoder.push(Buffer.from(plain));
  decoder.finish();
  const read = entries.filter((entry) => entry !== null);
  return read.length === entries.length ? read : [];
}

function readLine(json: string, isJson: boolean, form: StoredForm): LineEntry | null {
  const reader = new EntryReader();
  const block = new RowBlock();
  const source = Buffer.from(json);
  const parameters: IngestParameters = { old: "now", ...(OWN_ID.test(json) && { ignored: OWN_MEMBERS }) };
  const reason =
    readEntry(reader, source, 0, source.length, parameters) ?? normalise(reader, block, 0, { ...form, parameters });
  const [row] = reason === null ? readRows(block) : [];
  if (!row) return null;
  const { level, service } = reader.members;
  return {
    message: row.message,
    isJson,
    level: level.from < 0 ? null : LEVELS.indexOf(row.level),
    service: service.from < 0 ? null : row.service,
    tags: row.tags ?? [],
    attributes: row.attributes,
  };
}
