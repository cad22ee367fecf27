import { DAY_MS } from "@/core/clock";
import { LIMITS } from "@/core/limits";
import { cutUtf8 } from "./cut-utf8";
import type { EntryReader, Slice } from "./decode/entry-reader";
import { INFO } from "./level";
import type { Masker } from "./masking/masker";
import { findNested, readLevel, readTimestamp, unusualMessage } from "./recognise/members";
import type { Row, RowBlock } from "./row-block";

/** What holds for every entry of a request. */
export type NormaliseOptions = {
  nowMs: number;
  retentionDays: number;
  /** For entries that name no service; absent: UNKNOWN_SERVICE. */
  defaultService?: string;
  /** For entries that name no level, index in LEVELS; absent: info. */
  defaultLevel?: number;
  /** Null: nothing is masked. */
  masker: Masker | null;
  /** That the sender may write; absent: all. */
  services?: ReadonlySet<string>;
  /** JSON text of members that every entry gets in its attributes, without braces: `"project_slug":"shop"`. */
  extraMembers?: string;
};

/** Of entries that name no service. */
export const UNKNOWN_SERVICE = "unknown";

const COMMA = Buffer.from(",");
const OPEN = Buffer.from("{");
const CLOSE = Buffer.from("}");

/** Why an entry is rejected, for its sender. Thrown within this file only: entries are mostly good. */
class Rejected extends Error {}

/**
 * Turns what was read into a row of `block`: fills in what is absent, resolves aliases, and holds every limit of design
 * section 5.
 * @param index of the entry in its request
 * @returns null, or the reason for which the entry is rejected
 */
export function normalise(
  reader: EntryReader,
  block: RowBlock,
  index: number,
  options: NormaliseOptions,
): string | null {
  try {
    addRow(reader, block, index, options);
    return null;
  } catch (error) {
    if (error instanceof Rejected) return error.message;
    throw error;
  }
}

function addRow(reader: EntryReader, block: RowBlock, index: number, options: NormaliseOptions): void {
  const { members, source, scanner } = reader;
  if (scanner.unstorable !== "") throw new Rejected(`a string holds ${scanner.unstorable}, which can't be stored`);
  const markers: string[] = [];
  const micros = timestampOf(reader, markers, options);
  const service = serviceOf(reader, block, options);
  if (options.services && !options.services.has(service.name)) {
    throw new Rejected(`this API key may not write entries of service "${service.name}"`);
  }
  const level = levelOf(reader, markers, options);

  const message = members.message.from >= 0 ? members.message : findNested(reader, "message");
  let text = source;
  let from = 0;
  let end = 0;
  if (message && reader.isString(message) && !message.escaped && !isUnusual(message)) {
    from = message.from + 1;
    end = message.end - 1;
  } else {
    text = Buffer.from(unusualMessage(reader, message));
    end = text.length;
  }
  const { masker } = options;
  const after = masker?.maskSlice(text, from, end);
  if (after) {
    text = after.bytes;
    from = 0;
    end = text.length;
  }
  if (end - from > LIMITS.messageBytes) {
    markers.push(`"message_truncated_from_bytes":${end - from}`);
    end = from + cutUtf8(text.subarray(from, end), LIMITS.messageBytes);
  }
  if (options.extraMembers) markers.push(options.extraMembers);
  const tags = members.tags.from < 0 ? null : tagsOf(reader.value(members.tags));
  const row: Row = {
    micros,
    service,
    level,
    message: text,
    messageFrom: from,
    messageEnd: end,
    tags,
    attributesSource: source,
    attributesFrom: -1,
    attributesEnd: -1,
    index,
    masked: after?.masked ?? 0,
  };
  placeAttributes(row, reader, markers);
  if (masker) maskRest(row, masker);
  block.add(row);
}

/** A time that can't be read is that of arrival, and what was sent is kept in the attributes. */
function timestampOf(reader: EntryReader, markers: string[], { nowMs, retentionDays }: NormaliseOptions): number {
  const { source, members } = reader;
  const { timestamp } = members;
  if (timestamp.from < 0) return nowMs * 1000;
  const micros = readTimestamp(reader, timestamp);
  if (!Number.isFinite(micros)) {
    markers.push(`"timestamp_original":${source.toString("utf8", timestamp.from, timestamp.end)}`);
    return nowMs * 1000;
  }
  if (micros < (nowMs - retentionDays * DAY_MS) * 1000) {
    throw new Rejected(`timestamp is more than ${retentionDays} days ago, which is older than entries are kept`);
  }
  if (micros > (nowMs + LIMITS.futureMs) * 1000) throw new Rejected("timestamp is more than a day ahead");
  return micros;
}

function serviceOf(reader: EntryReader, block: RowBlock, options: NormaliseOptions) {
  const { members } = reader;
  const slice = members.service.from >= 0 ? members.service : findNested(reader, "service");
  if (slice && !slice.escaped && reader.isString(slice)) {
    const bytes = slice.end - slice.from - 2;
    const first = reader.source[slice.from + 1] as number;
    // As many characters as bytes at the most: only a long name or a leading space needs a closer look.
    if (bytes > 0 && bytes <= LIMITS.serviceCharacters && first > 0x20) {
      return block.tally.serviceOf(reader.source, slice.from + 1, slice.end - 1);
    }
  }
  const name = slice ? textOf(reader, slice) : (options.defaultService ?? UNKNOWN_SERVICE);
  if (name.trim() === "" || [...name].length > LIMITS.serviceCharacters) {
    throw new Rejected(`service must have 1 to ${LIMITS.serviceCharacters} characters and not be blank`);
  }
  const bytes = Buffer.from(name);
  return block.tally.serviceOf(bytes, 0, bytes.length);
}

/** An unknown level is stored as info, and what was sent is kept in the attributes. */
function levelOf(reader: EntryReader, markers: string[], options: NormaliseOptions): number {
  const { source, members } = reader;
  const level = members.level.from >= 0 ? members.level : findNested(reader, "level");
  if (!level) return options.defaultLevel ?? INFO;
  const known = readLevel(reader, level);
  if (known >= 0) return known;
  markers.push(`"level_original":${source.toString("utf8", level.from, level.end)}`);
  return INFO;
}

/** Of names whose messages are more than their text: unusualMessage reads them. */
const isUnusual = ({ known }: Slice) => known?.name === "@mt" || known?.name === "log";

const textOf = (reader: EntryReader, slice: Slice) =>
  reader.isString(slice) ? reader.text(slice) : reader.source.toString("utf8", slice.from, slice.end);

function tagsOf(value: unknown): Buffer[] {
  if (!Array.isArray(value) || !value.every((tag) => typeof tag === "string"))
    throw new Rejected("tags must be an array of strings");
  if (value.length > LIMITS.tags) throw new Rejected(`tags must be at most ${LIMITS.tags}`);
  return value.map((tag) => {
    if ([...tag].length > LIMITS.tagCharacters)
      throw new Rejected(`a tag must have at most ${LIMITS.tagCharacters} characters`);
    return Buffer.from(tag);
  });
}

/** Masks tags and attributes: the message was masked before it was cut. */
function maskRest(row: Row, masker: Masker): void {
  if (row.tags) maskTags(row, row.tags, masker);
  const { attributesSource, attributesFrom, attributesEnd } = row;
  if (attributesFrom < 0) return;
  const after = masker.maskSlice(attributesSource, attributesFrom, attributesEnd, true);
  if (!after) return;
  row.attributesSource = after.bytes;
  row.attributesFrom = 0;
  row.attributesEnd = after.bytes.length;
  row.masked += after.masked;
}

function maskTags(row: Row, tags: readonly Buffer[], masker: Masker): void {
  row.tags = tags.map((tag) => {
    const after = masker.maskSlice(tag, 0, tag.length);
    row.masked += after?.masked ?? 0;
    return after?.bytes ?? tag;
  });
}

/** The attributes object as it was sent, with every member that the format doesn't name and the markers put into it. */
function placeAttributes(row: Row, reader: EntryReader, markers: readonly string[]): void {
  const { members, source, others } = reader;
  const base =
    members.attributes.from >= 0 ? members.attributes : members.context.from >= 0 ? members.context : members.metadata;
  if (base.from >= 0 && !reader.isObject(base)) throw new Rejected("attributes must be an object");
  const unused = secondNames(reader, base);
  if (others.length === 0 && unused.length === 0 && markers.length === 0) {
    if (base.end - base.from > LIMITS.attributesBytes && base.from >= 0) throw tooLong();
    row.attributesFrom = base.from;
    row.attributesEnd = base.from < 0 ? base.from : base.end;
    return;
  }

  const pieces: Buffer[] = [OPEN];
  let size = 2;
  const add = (piece: Buffer) => {
    if (pieces.length > 1) pieces.push(COMMA);
    pieces.push(piece);
    size += piece.length + 1;
  };
  if (base.from >= 0 && reader.scanner.skipSpace(base.from + 1) < base.end - 1)
    add(source.subarray(base.from + 1, base.end - 1));
  for (let at = 0; at < others.length; at += 2) add(source.subarray(others[at], others[at + 1]));
  for (const name of unused) add(memberText(reader, name));
  if (size > LIMITS.attributesBytes) throw tooLong();
  for (const marker of markers) add(Buffer.from(marker));
  pieces.push(CLOSE);
  row.attributesSource = Buffer.concat(pieces);
  row.attributesFrom = 0;
  row.attributesEnd = row.attributesSource.length;
}

const NONE: readonly SecondName[] = [];
type SecondName = "context" | "metadata";

/** Members that say again what another one said: they go into the attributes under their own name. */
function secondNames({ members }: EntryReader, base: Slice): readonly SecondName[] {
  const context = members.context.from >= 0 && members.context !== base;
  const metadata = members.metadata.from >= 0 && members.metadata !== base;
  if (!context && !metadata) return NONE;
  return [...(context ? ["context" as const] : []), ...(metadata ? ["metadata" as const] : [])];
}

function memberText({ members, source }: EntryReader, name: SecondName): Buffer {
  const slice = members[name];
  return Buffer.concat([Buffer.from(`"${name}":`), source.subarray(slice.from, slice.end)]);
}

const tooLong = () => new Rejected(`attributes must be at most ${LIMITS.attributesBytes} bytes`);
