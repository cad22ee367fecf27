import { randomUUID } from "node:crypto";
import type { IngestAnswer } from "@/core/ingest/idempotency";
import { LIMITS } from "@/core/limits";
import { type Content, openContent } from "./content";
import { BATCH_BYTES, cutBatch, isDocument } from "./cut-batch";
import { type Generation, generationOf, generationsOf } from "./generations";
import { bytesBefore, findPlace, lastBytes, type Place, type PlaceFile, placeAt, spanOf } from "./place";

/** What a log needs of who sends it. */
export type Sending = {
  /** Resolves when a batch is stored. @throws NotSent, Stopped */
  deliver(batch: Buffer, idempotencyKey: string): Promise<IngestAnswer>;
  /** A batch that was stored. @param onDisk bytes of the file that it took */
  stored(answer: IngestAnswer, onDisk: number): void;
  say(what: string): void;
};

type SentLogOptions = {
  /** Goes on when the end is reached, and through rotations. */
  follows: boolean;
  /** Whether to begin with what rotation has put away, where nothing was sent yet. */
  fromOldest: boolean;
};

/** Of the log, the file that is being sent. */
type Current = {
  generation: Generation;
  content: Content;
  offset: number;
  /** The last bytes before the offset. */
  before: Buffer;
  /** Under this key the next bytes may have been sent already. */
  attempt: Place["attempt"];
  /** When it had last been written to, as it was last looked at: nanoseconds since 1970. */
  modified: bigint;
  /** Bytes on disk that were told as sent. */
  told: number;
  /** It is one document, which is sent, and refused, as a whole. */
  isDocument: boolean;
};

/** So much of one log before the next one has its turn. */
const BATCHES_A_STEP = 8;
/** A program goes on writing to a file that was rotated until it is told: so long it must have been silent. */
const SETTLED_MS = 2_000;
const NANOS_A_MS = 1_000_000n;
const NOT_BLANK = /\S/;
const NO_BYTES = Buffer.alloc(0);
const NOTHING: IngestAnswer = { accepted: 0, rejected: 0, errors: [] };

/**
 * Sends a log in the order in which it was written, file after file as rotation has put them away, each byte once: what is sent is
 * written down before, with the key under which a server stores it once only.
 */
export class SentLog {
  private current: Current | null = null;
  /** Whether some of it was sent by another run. */
  readonly hasBegun: boolean;

  private constructor(
    readonly log: string,
    private readonly places: PlaceFile,
    private place: Place | null,
    private readonly options: SentLogOptions,
    private readonly sending: Sending,
  ) {
    this.hasBegun = place !== null;
  }

  /** @throws Error when there is no such file, or its place can't be read */
  static async open(log: string, places: PlaceFile, options: SentLogOptions, sending: Sending): Promise<SentLog> {
    return new SentLog(log, places, await places.read(), options, sending);
  }

  /** What is left to send now: files, and the bytes of them on disk. */
  async rest(): Promise<number> {
    const current = await this.begun();
    if (!current) return 0;
    const later = (await this.laterThan(current.generation)) ?? [];
    return current.generation.bytes - current.told + later.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** Sends some of what there is. @returns whether there may be more at once */
  async step(): Promise<boolean> {
    const current = await this.begun();
    if (!current) return false;
    for (let batch = 0; batch < BATCHES_A_STEP; batch++) {
      const sent = await this.sendNext(current, false);
      if (sent === "replaced") return this.beginAnew();
      if (sent > 0) continue;
      const goesOn = await this.passOn(current);
      // Nothing is known of it yet by which it could be told from what rotation puts in its place.
      if (!goesOn && current.offset === 0) await this.close();
      return goesOn;
    }
    return true;
  }

  async close(): Promise<void> {
    await this.current?.content.close();
    this.current = null;
  }

  private async begun(): Promise<Current | null> {
    this.current ??= await this.findCurrent();
    return this.current;
  }

  /** The newest file in which the place is; where it is in none, the first of those that were written to after it. */
  private async findCurrent(): Promise<Current | null> {
    const { log, options } = this;
    const generations = await generationsOf(log);
    const oldest = options.fromOldest ? generations[0] : generations.at(-1);
    if (!oldest) return null;
    this.place ??= placeAt(0, NO_BYTES, oldest.modified - 1n);
    const { place } = this;
    for (const generation of generations.toReversed()) {
      const found = await findIn(generation, place);
      if (found) return found;
    }
    const first = generations.find(({ modified, file }) => modified > place.modified || file === log);
    return first ? start(first) : null;
  }

  /** @returns the bytes that were sent; `replaced` when the file holds something else now */
  private async sendNext(current: Current, isOver: boolean): Promise<number | "replaced"> {
    const { content, offset, before } = current;
    const { isPacked } = current.generation;
    // Looked at before the content is: what is written meanwhile makes it newer.
    const { bytes: size, modified } = await content.state();
    const isUntouched = modified === current.modified && !isOver;
    current.modified = modified;
    if (!isPacked) {
      if (isUntouched && size === offset) return 0;
      if (size < offset || !(await bytesBefore(content, placeAt(offset, before, modified)))) return "replaced";
    }
    const { bytes, isEnd } = await this.readBatch(current, isPacked ? BATCH_BYTES : size - offset, isOver);
    const isLast = isOver || !this.options.follows || isPacked;
    // Of a document all that there is now: what was tried before may have been a half.
    const length = current.isDocument ? bytes.length : (current.attempt?.bytes ?? cutBatch(bytes, isEnd, isLast));
    if (length === 0) return 0;
    const batch = bytes.subarray(0, length);
    const span = spanOf(batch);
    const key = current.attempt?.sha256 === span.sha256 ? current.attempt.key : randomUUID();
    await this.keep(placeAt(offset, before, modified, { ...span, key }));
    const isBlank = !NOT_BLANK.test(batch.toString("latin1"));
    const answer = isBlank ? NOTHING : await this.sending.deliver(batch, key);
    current.offset = offset + length;
    current.before = lastBytes(Buffer.concat([before, lastBytes(batch)]));
    current.attempt = null;
    await this.keep(placeAt(current.offset, current.before, modified));
    const onDisk = content.onDisk(current.offset);
    this.sending.stored(answer, onDisk - current.told);
    current.told = onDisk;
    return length;
  }

  /** @param left bytes that there are, at the most */
  private async readBatch(current: Current, left: number, isOver: boolean) {
    const { content, offset, attempt } = current;
    const length = Math.max(Math.min(BATCH_BYTES, left + 1), attempt?.bytes ?? 0);
    const piece = await content.read(offset, length);
    current.isDocument = offset === 0 && isDocument(piece.bytes);
    if (current.isDocument) {
      // One that is larger than this is refused, and the reason told.
      const whole = piece.isEnd ? piece : await content.read(0, LIMITS.bodyBytes);
      return { ...whole, isEnd: true };
    }
    // It has grown since its size was asked for: what stood there then may end within a line, which waits for its end.
    const hasGrown = this.options.follows && !isOver && !attempt && !piece.isEnd && left < BATCH_BYTES;
    return hasGrown ? { bytes: piece.bytes.subarray(0, left), isEnd: true } : piece;
  }

  /** Whether what is to be sent now is a file as a whole. */
  get sendsDocument(): boolean {
    return this.current?.isDocument ?? false;
  }

  /** Whether it was sent to its end, and waits for nothing. */
  get isAtRest(): boolean {
    return this.current === null;
  }

  /** Leaves out the file that can't be sent, when another one stands behind it, or in its place. @returns whether one does */
  async passOver(): Promise<boolean> {
    const { current } = this;
    if (!current) return false;
    const later = await this.laterThan(current.generation);
    if (later === null) return this.beginAnew();
    const [next] = later;
    if (!next) return false;
    await current.content.close();
    this.current = await start(next);
    return true;
  }

  private async keep(place: Place): Promise<void> {
    this.place = place;
    await this.places.write(place);
  }

  /** At the end of a file: to the next, if there is one and nobody writes to this one any more. */
  private async passOn(current: Current): Promise<boolean> {
    const { generation, content, modified } = current;
    if (generation.file === this.log && (await generationOf(this.log))?.id === generation.id) return false;
    const later = await this.laterThan(generation);
    // Null: it was deleted, or packed. Where it goes on is found by what it held.
    const next = later?.[0];
    if (later && !next) return false;
    if (this.options.follows && Date.now() - Number(modified / NANOS_A_MS) < SETTLED_MS) return false;
    const sent = await this.sendNext(current, true);
    if (sent === "replaced") return this.beginAnew();
    if (sent > 0) return true;
    await content.close();
    this.current = next ? await start(next) : null;
    if (next?.file === this.log) this.sending.say(`${this.log} was rotated: going on with the new one`);
    return true;
  }

  /** Null when the file isn't there any more. */
  private async laterThan({ id }: Generation): Promise<Generation[] | null> {
    const generations = await generationsOf(this.log);
    const at = generations.findIndex((generation) => generation.id === id);
    return at < 0 ? null : generations.slice(at + 1);
  }

  private async beginAnew(): Promise<boolean> {
    this.sending.say(`${this.log} was cut off or replaced: going on with what it holds now`);
    await this.close();
    return true;
  }
}

const start = async (generation: Generation): Promise<Current> => ({
  generation,
  content: await openContent(generation),
  offset: 0,
  before: NO_BYTES,
  attempt: null,
  modified: 0n,
  told: 0,
  isDocument: false,
});

/** Null when the place is not in it, or it can't be read: one that must be read says so later. */
async function findIn(generation: Generation, place: Place): Promise<Current | null> {
  const current = await start(generation);
  const { content } = current;
  try {
    const before = await findPlace(content, place);
    const { offset, attempt } = place;
    if (before) return { ...current, offset, before, attempt, told: content.onDisk(offset) };
  } catch {
    // As if it were not there.
  }
  await content.close();
  return null;
}
