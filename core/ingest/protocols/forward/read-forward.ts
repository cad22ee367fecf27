import { decode } from "@msgpack/msgpack";
import { z } from "zod";
import { invalid, reasonOf } from "@/core/errors";
import { wireText } from "@/core/ingest/protocols/wire-text";
import { LIMITS } from "@/core/limits";
import { MsgpackEnd } from "./msgpack-end";
import { MSGPACK, MsgpackReader } from "./msgpack-reader";

/** A message of the forward protocol: a tag, and either one event or many. */
export type ForwardMessage = {
  tag: string;
  /** Under which the sender waits for an acknowledgement, as it wrote it; null: it doesn't. */
  chunk: string | Uint8Array | null;
} & ({ event: Buffer } | { events: Buffer; encodings: readonly string[] });

const chunkSchema = z.object({ chunk: z.union([z.string(), z.instanceof(Uint8Array)]).nullish() });

const optionsSchema = chunkSchema.extend({
  compressed: z.enum(["text", "gzip", "zstd"], "must be gzip, zstd or text").nullish(),
  /** Of Fluent Bit: 0 logs, 1 metrics, 2 traces. */
  fluent_signal: z.literal(0, "must be 0: only logs are taken").nullish(),
});

/**
 * Reads a message, which is whole (forward protocol, version 1, "Event Modes"): `[tag, time, record]`, `[tag, [[time, record], ...]]` or
 * `[tag, events as bytes]`, each with options behind or without.
 * @throws Fault invalid for what is none
 */
export function readForward(bytes: Buffer): ForwardMessage {
  const { parts, hasMany } = layoutOf(bytes);
  const [tagPart, second, third, fourth] = parts;
  if (!tagPart || !second) throw invalid("a message must be a list of a tag and events");
  const reader = new MsgpackReader();
  reader.read(bytes, tagPart.from);
  if (!isText(reader.kind)) throw invalid("a message must begin with a tag, which is a text");
  const tag = wireText(bytes.subarray(reader.from, reader.from + reader.size));
  if (!hasMany) {
    if (!third) throw invalid("a message must have events, or a time and a record");
    return { tag, chunk: optionsOf(bytes, fourth).chunk ?? null, event: bytes.subarray(second.from, third.end) };
  }
  reader.read(bytes, second.from);
  const events = bytes.subarray(reader.from, second.end);
  const { chunk = null, compressed } = optionsOf(bytes, third);
  return { tag, chunk, events, encodings: compressed && compressed !== "text" ? [compressed] : [] };
}

/** Under which the sender of a message that readForward refuses waits to hear of it; null: nothing that can be read. */
export function chunkOf(bytes: Buffer): ForwardMessage["chunk"] {
  const { parts, hasMany } = layoutOf(bytes);
  const part = parts[hasMany ? 2 : 3];
  if (!part || isTooLong(part)) return null;
  try {
    return chunkSchema.parse(decode(bytes.subarray(part.from, part.end))).chunk ?? null;
  } catch {
    // They may be why it is refused.
    return null;
  }
}

/** The first parts of a list, none of anything else; and whether the second of them is many events, behind which options stand. */
function layoutOf(bytes: Buffer): { parts: readonly Part[]; hasMany: boolean } {
  const reader = new MsgpackReader();
  reader.read(bytes, 0);
  if (reader.kind !== MSGPACK.array) return { parts: [], hasMany: false };
  const parts = partsOf(bytes, reader.from, reader.children);
  const [, second, third] = parts;
  const hasMany =
    second !== undefined &&
    reader.read(bytes, second.from) &&
    (isText(reader.kind) || (reader.kind === MSGPACK.array && isEventList(bytes, reader, third)));
  return { parts, hasMany };
}

type Part = { from: number; end: number };

function partsOf(bytes: Buffer, from: number, count: number): Part[] {
  const parts: Part[] = [];
  const end = new MsgpackEnd();
  let at = from;
  for (let index = 0; index < Math.min(count, 4); index++) {
    end.reset();
    const partEnd = at + end.find(bytes.subarray(at));
    parts.push({ from: at, end: partEnd });
    at = partEnd;
  }
  return parts;
}

const isText = (kind: unknown) => kind === MSGPACK.text || kind === MSGPACK.bytes;

/** Behind a list of events stand options or nothing; behind a list that is a time with metadata, a record. They differ in what is listed. */
function isEventList(bytes: Buffer, list: MsgpackReader, third: Part | undefined): boolean {
  if (!third || list.children === 0) return true;
  const first = new MsgpackReader();
  first.read(bytes, list.from);
  return first.kind === MSGPACK.array;
}

const isTooLong = ({ from, end }: Part): boolean => end - from > LIMITS.formBytes;

function optionsOf(bytes: Buffer, part: Part | undefined): z.output<typeof optionsSchema> {
  if (!part) return {};
  if (isTooLong(part)) throw invalid("a message has too long options");
  let options: unknown;
  try {
    options = decode(bytes.subarray(part.from, part.end));
  } catch (error) {
    throw invalid(`a message has options that can't be read: ${reasonOf(error)}`);
  }
  if (options === null) return {};
  const parsed = optionsSchema.safeParse(options);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw invalid(`a message has options that can't be taken: ${issue?.path.join(".")} ${issue?.message}`);
}
