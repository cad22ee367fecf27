import { setImmediate, setTimeout as sleep } from "node:timers/promises";
import { takeEntries } from "@/app/api/ingest-request";
import { hashOf } from "@/core/access/keys/key-text";
import { SECOND_MS } from "@/core/clock";
import { type Fault, isFault, reasonOf } from "@/core/errors";
import { bodyOf } from "@/core/ingest/decode/read-body";
import type { IngestRequest } from "@/core/ingest/ingest";
import type { IngestParameters } from "@/core/ingest/ingest-parameters";
import { Frames } from "@/core/ingest/protocols/frames";
import { asFault } from "@/core/ingest/write";
import { LIMITS } from "@/core/limits";
import type { DropReason, Drops } from "./drops";
import type { Guard } from "./guard";
import type { ListenerContext } from "./listener";
import type { Large, Message, Received, Small } from "./message";

/** What one listener delivers with. */
export type Delivery = {
  context: ListenerContext;
  listener: string;
  guard: Guard;
  drops: Drops;
  /** Aborts when nothing is tried again any more. */
  ending: AbortSignal;
};

type Read = { message: Message; received: Received };

const FIRST_RETRY_MS = 50;
const LAST_RETRY_MS = 2 * SECOND_MS;
/** What one that can't be read counts for: it may have been decompressed before that was seen. */
const MALFORMED_BYTES = 64 * 1024;
/**
 * Of syslog and GELF, which are sent as things happen, by devices that come up without a clock too, and whose senders nobody can tell of a
 * rejection. What shippers send by the forward protocol may be out of old files, and is as old as it says.
 */
const LIVE: IngestParameters = { old: "now", ahead: "now" };

/**
 * Stores messages and tells each what became of it. While the database is away or the budget of ingest is full it tries again, for
 * nobody else would. Never throws. Messages are read a slice at a time, since a few compressed bytes can be a megabyte: what is read and
 * not stored has about LIMITS.transactionBytes at the most. What is refused makes room at once, so that those of strangers slow nobody.
 */
export async function deliver(delivery: Delivery, batch: readonly Received[]): Promise<void> {
  const storing = new Set<Promise<void>>();
  let bytes = 0;
  for (let from = 0; from < batch.length; ) {
    const slice = readSlice(delivery, batch, from, LIMITS.transactionBytes - bytes);
    for (const group of groupsOf(slice.messages)) {
      const size = group.reduce((sum, { message }) => sum + sizeOf(message), 0);
      bytes += size;
      const stored = store(delivery, group).then(() => {
        bytes -= size;
        storing.delete(stored);
      });
      storing.add(stored);
    }
    from = slice.end;
    // What is refused waits for nothing, and others must have their turn too.
    if (from < batch.length) await setImmediate();
    while (bytes > LIMITS.transactionBytes / 2) await Promise.race(storing);
  }
  await Promise.all(storing);
}

/** Reads messages until those that were read have so many bytes. @returns with `end`, the place of the next one */
function readSlice(
  delivery: Delivery,
  batch: readonly Received[],
  from: number,
  most: number,
): { messages: readonly Read[]; end: number } {
  const messages: Read[] = [];
  let end = from;
  for (let bytes = 0; end < batch.length && bytes < most; end++) {
    const received = batch[end] as Received;
    const message = readMessage(delivery, received);
    bytes += message ? sizeOf(message) : MALFORMED_BYTES;
    if (message) messages.push({ message, received });
  }
  return { messages, end };
}

const sizeOf = (message: Message): number => ("body" in message ? message.body : message.bytes).length;

/** What is stored together: messages of one sender with one key that are read alike, each large one by itself. */
function groupsOf(messages: readonly Read[]): Read[][] {
  const groups = new Map<string, Read[]>();
  let last: Read | undefined;
  let lastGroup: Read[] = [];
  for (const read of messages) {
    const { message, received } = read;
    // As nearly all of one connection are.
    if (last && isAlike(last, read)) {
      lastGroup.push(read);
      continue;
    }
    const { address, isTrusted } = received.sender;
    const { key, format } = message;
    // A large one is by itself. What stands in a name comes from senders, so that no text may do for two of them.
    const of = "body" in message ? [groups.size] : [isTrusted, address, key, format];
    const name = JSON.stringify(of);
    lastGroup = groups.get(name) ?? [];
    groups.set(name, lastGroup);
    lastGroup.push(read);
    last = read;
  }
  return [...groups.values()];
}

const isAlike = (one: Read, other: Read): boolean =>
  one.message.format === other.message.format &&
  one.message.key === other.message.key &&
  one.received.sender.address === other.received.sender.address &&
  one.received.sender.isTrusted === other.received.sender.isTrusted &&
  "bytes" in one.message &&
  "bytes" in other.message;

function readMessage({ drops }: Delivery, { bytes, sender, read }: Received): Message | null {
  try {
    const message = read(bytes, sender);
    if (!("malformed" in message)) return message;
    drops.count("malformed", message.malformed, sender.address);
    message.settled(true);
    return null;
  } catch (error) {
    drops.count("malformed", reasonOf(error), sender.address);
    return null;
  }
}

/** @param group of one sender and one key, or a large one */
async function store(delivery: Delivery, group: readonly Read[]): Promise<void> {
  const { ending } = delivery;
  for (let waitMs = FIRST_RETRY_MS; ; waitMs = Math.min(waitMs * 2, LAST_RETRY_MS)) {
    try {
      await storeOnce(delivery, group);
      for (const { message } of group) message.settled?.(true);
      return;
    } catch (error) {
      const reason = dropReasonOf(error);
      if (reason !== null || ending.aborted) return drop(delivery, group, reason ?? "stopping", error);
      await sleep(waitMs, undefined, { signal: ending }).catch(() => undefined);
    }
  }
}

async function storeOnce({ context, guard, listener, drops }: Delivery, group: readonly Read[]): Promise<void> {
  const [first] = group;
  if (!first) return;
  const { sender } = first.received;
  const services = await guard.admit(sender, first.message.key).catch((error: unknown) => {
    throw isFault(error) ? new Refused(error) : error;
  });
  const { accepted, rejected, errors } = await takeEntries(context, { ...requestOf(first.message, group), services });
  context.metrics.listeners.entries.inc({ listener }, accepted);
  if (rejected > 0) drops.count("rejected", errors[0]?.error ?? "", sender.address, rejected);
}

function requestOf(first: Message, group: readonly Read[]): IngestRequest {
  const common = {
    tellsEach: true,
    announcedBytes: group.reduce((sum, { received }) => sum + received.bytes.length, 0),
  };
  if ("body" in first) return { ...common, ...largeRequest(first) };
  const frames = new Frames(common.announcedBytes, messagesOf(group));
  for (const { message } of group) if ("bytes" in message) addMessages(message, frames);
  const { format } = first;
  const parameters = format.protocol === "forward_messages" ? {} : LIVE;
  return { ...common, body: bodyOf(frames.bytes), encodings: [], format, parameters };
}

const messagesOf = (group: readonly Read[]): number => group.reduce((sum, { received }) => sum + received.messages, 0);

function addMessages({ bytes, places }: Small, frames: Frames): void {
  if (!places) frames.add(bytes);
  else for (let at = 0; at < places.length; at += 2) frames.add(bytes, places[at], places[at + 1]);
}

const largeRequest = ({ body, encodings, format, id }: Large) => ({
  body: bodyOf(body),
  encodings,
  format,
  // A text of a sender's choice, which could be as long as it likes.
  idempotencyKey: id === null ? undefined : `message ${hashOf(id)}`,
});

/** What the guard says, which time doesn't change. */
class Refused extends Error {
  constructor(readonly fault: Fault) {
    super(fault.message);
  }
}

/** Null for what may be gone a moment later, such as a database that is away. */
function dropReasonOf(error: unknown): DropReason | null {
  if (error instanceof Refused) {
    const { kind } = error.fault;
    return kind === "forbidden" || kind === "too_busy" ? kind : "unauthorised";
  }
  const fault = asFault(error);
  if (!isFault(fault)) return "failed";
  if (fault.kind === "too_busy" || fault.kind === "unavailable") return null;
  return fault.kind === "too_large" ? "too_large" : "malformed";
}

function drop(delivery: Delivery, group: readonly Read[], reason: DropReason, error: unknown): void {
  if (reason === "failed") delivery.context.logger.error({ error }, "messages of a listener could not be stored");
  delivery.drops.count(reason, reasonOf(error), group[0]?.received.sender.address ?? "", messagesOf(group));
  // What can never be stored would come again for ever.
  const isForGood = isFault(error) && (error.kind === "invalid" || error.kind === "too_large");
  for (const { message } of group) message.settled?.(isForGood);
}
