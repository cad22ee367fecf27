import { DAY_MS } from "@/core/clock";
import { LIMITS } from "@/core/limits";
import { MESSAGE_ANSI } from "@/core/message-ansi";
import { nounFor } from "@/core/noun";
import type { RetentionPlan } from "@/core/retention/retention-plan";
import { cutUtf8 } from "./cut-utf8";
import type { Slice } from "./decode/entry-members";
import type { EntryReader } from "./decode/entry-reader";
import type { IngestParameters } from "./ingest-parameters";
import { INFO, levelAt, levelIndex } from "./level";
import { maskRest } from "./masking/mask-rest";
import type { Masker } from "./masking/masker";
import { type Markers, placeAttributes } from "./place-attributes";
import { HEAD_CHARACTERS, readLinePrefix } from "./recognise/line-prefix";
import { readLevel, readTimestamp, unusualMessage } from "./recognise/members";
import { mayBeWrapped, openMessage } from "./recognise/open-message";
import { takeFields } from "./recognise/take-fields";
import { withoutAnsi } from "./recognise/without-ansi";
import { Rejected } from "./rejected";
import type { Row, RowBlock } from "./row-block";
import { tagsOf } from "./tags";

/** What holds for every entry of a request. */
export type NormaliseOptions = {
  nowMs: number;
  retention: RetentionPlan;
  parameters: IngestParameters;
  /** Null: nothing is masked. */
  masker: Masker | null;
  /** That the sender may write; absent: all. */
  services?: ReadonlySet<string>;
  /** What every entry gets in its attributes. */
  markers?: Markers;
};

/** Of entries that name no service. */
const UNKNOWN_SERVICE = "unknown";
/** `service` and `service_name`: those who use them mean Cordwood, so a blank one is a mistake that is told. */
const OWN_SERVICE_RANKS = 1;

/**
 * Turns what was read into a row of `block`: fills in what is absent, resolves aliases, and holds every limit of an
 * entry.
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
  const { parameters, masker } = options;
  if (reader.scanner.unstorable !== "")
    throw new Rejected(`a string holds ${reader.scanner.unstorable}, which can't be stored`);
  const { fields } = parameters;
  if (fields) takeFields(reader, fields);
  if (mayBeWrapped(reader)) openMessage(reader, parameters);

  const markers: Markers = options.markers ? [...options.markers] : [];
  const service = serviceOf(reader, block, parameters);
  if (options.services && !options.services.has(service.name)) {
    throw new Rejected(`this API key may not write entries of service "${service.name}"`);
  }
  const { message } = reader.members;
  const isUnusual = message.from < 0 || message.escaped || message.known?.isSpecial || !reader.isString(message);
  const written = isUnusual ? unusualMessage(reader, message) : null;
  const plain = written === null ? null : withoutAnsi(written);
  const level = levelOf(reader, plain, markers, options);
  const micros = timeOf(reader, markers, { service: service.name, level }, options);

  let text = reader.source;
  let from = message.from + 1;
  let end = message.end - 1;
  let colours = "";
  if (written !== null && plain !== null) {
    const isTemplate = message.from >= 0 && message.known?.isTemplate && reader.isString(message);
    if (isTemplate && written !== reader.text(message))
      markers.push(["message_template", JSON.stringify(reader.text(message))]);
    if (plain !== written) colours = written;
    text = Buffer.from(plain);
    from = 0;
    end = text.length;
  }
  const after = masker?.maskSlice(text, from, end);
  if (after) {
    text = after.bytes;
    from = 0;
    end = text.length;
    // What is masked in the message could stand in this one with colours between, where it isn't found.
    colours = "";
  }
  if (end - from > LIMITS.messageBytes) {
    markers.push(["message_truncated_from_bytes", String(end - from)]);
    end = from + cutUtf8(text.subarray(from, end), LIMITS.messageBytes);
  }
  if (colours !== "" && Buffer.byteLength(colours) <= LIMITS.messageBytes)
    markers.push([MESSAGE_ANSI, JSON.stringify(colours)]);
  const row: Row = {
    micros,
    service,
    level,
    message: text,
    messageFrom: from,
    messageEnd: end,
    tags: tagsOf(reader, parameters.tags),
    attributesSource: reader.source,
    attributesFrom: -1,
    attributesEnd: -1,
    index,
    masked: after?.masked ?? 0,
  };
  placeAttributes(row, reader, markers);
  if (masker) maskRest(row, masker);
  block.add(row);
}

type Whose = { service: string; level: number };

/**
 * The time of an entry that has none, or one that can't be read, is that of its arrival. What was sent is kept in the attributes; where that stood in a
 * line that was wrapped, the time of what is around it counts, if it has one.
 */
function timeOf(reader: EntryReader, markers: Markers, whose: Whose, options: NormaliseOptions): number {
  const { timestamp } = reader.members;
  const arrival = options.nowMs * 1000;
  if (timestamp.from < 0) return arrival;
  const micros = readTimestamp(reader, timestamp);
  const problem = problemOf(micros, whose, options);
  if (problem === null) return micros;
  const outer = reader.isWrapped ? outerTimeOf(reader, whose, options) : null;
  if (outer === null && problem !== UNREADABLE) throw new Rejected(problem);
  markers.push(["timestamp_original", textAsSent(reader, timestamp)]);
  return outer ?? arrival;
}

const outerTimeOf = (reader: EntryReader, whose: Whose, options: NormaliseOptions): number | null =>
  reader.takeOuterTime((micros) => problemOf(micros, whose, options) === null);

/** Of a time instead of which an entry has that of its arrival: it can't be read, or is to be taken as one. */
const UNREADABLE = "";

/** @returns why a time can't be stored, UNREADABLE or the reason for which its entry is rejected; null when it can */
function problemOf(
  micros: number,
  { service, level }: Whose,
  { nowMs, retention, parameters }: NormaliseOptions,
): string | null {
  if (micros > (nowMs + LIMITS.futureMs) * 1000)
    return parameters.ahead === "now" ? UNREADABLE : "timestamp is more than a day ahead";
  if (!Number.isFinite(micros)) return UNREADABLE;
  // Most entries are new, and then it makes no difference which they are.
  if (micros >= (nowMs - retention.shortestDays * DAY_MS) * 1000) return null;
  const name = levelAt(level);
  const days = retention.daysOf(service, name);
  if (micros >= (nowMs - days * DAY_MS) * 1000) return null;
  if (parameters.old === "now") return UNREADABLE;
  const whose = retention.shortestDays === retention.longestDays ? "" : ` of service "${service}" at level ${name}`;
  return `timestamp is more than ${days} ${nounFor(days, "day")} ago, which is older than entries${whose} are kept`;
}

function serviceOf(reader: EntryReader, block: RowBlock, parameters: IngestParameters) {
  const { service } = reader.members;
  if (parameters.service !== undefined && service.from >= 0 && service.rank >= 0 && service.known?.isWeak)
    reader.release(service);
  if (service.from >= 0 && !service.escaped && reader.isString(service)) {
    const bytes = service.end - service.from - 2;
    const first = reader.source[service.from + 1] as number;
    // As many characters as bytes at the most: only a long name or a leading space needs a closer look.
    if (bytes > 0 && bytes <= LIMITS.serviceCharacters && first > 0x20) {
      return block.tally.serviceOf(reader.source, service.from + 1, service.end - 1);
    }
  }
  let name = service.from >= 0 ? textOf(reader, service) : "";
  const isBlank = name.trim() === "";
  if (isBlank && (service.from < 0 || service.rank > OWN_SERVICE_RANKS)) {
    if (service.from >= 0) reader.release(service);
    name = parameters.service ?? UNKNOWN_SERVICE;
  } else if (isBlank || [...name].length > LIMITS.serviceCharacters) {
    throw new Rejected(`service must have 1 to ${LIMITS.serviceCharacters} characters and not be blank`);
  }
  const bytes = Buffer.from(name);
  return block.tally.serviceOf(bytes, 0, bytes.length);
}

/**
 * An unknown level is stored as info, and what was sent is kept in the attributes. Where no member says it, the message may begin with it.
 * @param plain the message, where it is another than what stands in its place
 */
function levelOf(reader: EntryReader, plain: string | null, markers: Markers, options: NormaliseOptions): number {
  const { level } = reader.members;
  if (level.from < 0) return levelInMessage(reader, plain, options.nowMs) ?? options.parameters.level ?? INFO;
  const known = readLevel(reader, level);
  if (known >= 0) return known;
  markers.push(["level_original", textAsSent(reader, level)]);
  return INFO;
}

/** As of a line of text, which shippers send as it was written. */
function levelInMessage(reader: EntryReader, plain: string | null, nowMs: number): number | null {
  const { message } = reader.members;
  if (message.from < 0 || !reader.isString(message)) return null;
  const from = message.from + 1;
  const head = plain ?? reader.source.toString("utf8", from, Math.min(from + HEAD_CHARACTERS, message.end - 1));
  const { level } = readLinePrefix(head.slice(0, HEAD_CHARACTERS).trimStart(), nowMs);
  const bytes = Buffer.from(level ?? "");
  const known = levelIndex(bytes, 0, bytes.length);
  return known < 0 ? null : known;
}

const textAsSent = ({ source }: EntryReader, { from, end }: Slice) => source.toString("utf8", from, end);

const textOf = (reader: EntryReader, slice: Slice) =>
  reader.isString(slice) ? reader.text(slice) : textAsSent(reader, slice);
