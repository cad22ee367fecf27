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

const optionsSchema = z.object({
  chunk: z.union([z.string(), z.instanceof(Uint8Array)]).nullish(),
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
  const reader = new MsgpackReader();
  reader.read(bytes, 0);
  if (reader.kind !== MSGPACK.array || reader.children < 2)
    throw invalid("a message must be a list of a tag and events");
  const parts = partsOf(bytes, reader.from, reader.children);
  const [tagPart, second, third, fourth] = parts;
  const kindAt = (at: number) => reader.read(bytes, at) && reader.kind;
  if (!tagPart || !second || !isText(kindAt(tagPart.from)))
    throw invalid("a message must begin with a tag, which is a text");
  const tag = wireText(bytes.subarray(reader.from, reader.from + reader.size));
  const kind = kindAt(second.from);
  if (!isText(kind) && (kind !== MSGPACK.array || !isEventList(bytes, reader, third))) {
    if (!third) throw invalid("a message must have events, or a time and a record");
    return { tag, chunk: optionsOf(bytes, fourth).chunk ?? null, event: bytes.subarray(second.from, third.end) };
  }
  reader.read(bytes, second.from);
  const events = bytes.subarray(reader.from, second.end);
  const { chunk = null, compressed } = optionsOf(bytes, third);
  return { tag, chunk, events, encodings: compressed && compressed !== "text" ? [compressed] : [] };
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

function optionsOf(bytes: Buffer, part: Part | undefined): z.output<typeof optionsSchema> {
  if (!part) return {};
  if (part.end - part.from > LIMITS.formBytes) throw invalid("a message has too long options");
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
