import { createHash, randomUUID } from "node:crypto";
import { LIMITS } from "@/core/limits";
import type { EntrySink } from "./decode/decoder";
import { Frames } from "./protocols/frames";

/** A chunk ends behind an entry whose hash is divisible by so much. */
const MEAN_ENTRIES = 1_000;
/** FNV-1a's, here over words of four bytes: it only has to spread where chunks end. */
const HASH_START = 0x811c9dc5;
const HASH_PRIME = 0x01000193;
const WORD_BYTES = 4;
/** Of an entry's beginning, where its place in the journal is, and of its end. */
const HASHED_BYTES = 128;

export type IsPlaced = (source: Buffer, from: number, end: number) => boolean;

/**
 * Entries of an upload, one after the other. Where it ends is said by what its last entry holds, not by how much came before or when
 * it came: so the chunks of one journal are the same each time, wherever its sender begins and pauses, from the second one on.
 */
export class Chunk {
  private readonly frames = new Frames();
  /** Where each entry ends in the bytes. */
  private readonly ends: number[] = [];
  /** So many of the first ones are stored. */
  stored = 0;
  /** So many were asked to be stored: while that goes on more than are. */
  asked = 0;
  /** When the first of the others came. */
  private since = 0;
  /** So many were stored together by an upload that began alike: with them it is seen whether they are the same. */
  private awaited = 0;
  private awaitedUntil = Number.POSITIVE_INFINITY;
  /** Of an upload that has an entry like any other of its kind: it is known by nobody else then. */
  private nonce = "";
  /** Nothing more comes of it. */
  isWhole = false;
  /** Resolves when what was asked before has been stored, or has failed. */
  storing: Promise<void> = Promise.resolve();

  /**
   * @param space whose upload it is: others may send the same entries
   * @param first the place of its first entry in the upload
   * @param isPlaced whether an entry says where or when it stood in its journal, so that it is like no other
   */
  constructor(
    private readonly space: string,
    readonly first: number,
    private readonly isPlaced: IsPlaced,
  ) {}

  get count(): number {
    return this.ends.length;
  }

  /** For how long the first that nobody asked to be stored has been waiting; 0 for none. */
  get openMs(): number {
    return this.asked === this.count ? 0 : performance.now() - this.since;
  }

  /** Whether what is there is to be stored only together with what comes. */
  get mustWait(): boolean {
    return this.count < this.awaited && performance.now() < this.awaitedUntil;
  }

  /** Whether it is worth waiting until there are so many. It is not for ever. */
  waitFor(count: number): boolean {
    this.awaited = count;
    if (this.awaitedUntil === Number.POSITIVE_INFINITY) this.awaitedUntil = performance.now() + LIMITS.uploadWaitMs;
    this.asked = this.stored;
    return this.mustWait;
  }

  /** @returns whether the chunk ends with it */
  add(source: Buffer, from: number, end: number): boolean {
    this.frames.add(source, from, end);
    if (this.nonce === "" && !this.isPlaced(source, from, end)) this.nonce = randomUUID();
    return this.added(hashOf(source, from, end));
  }

  /** @returns as add */
  addRejection(reason: string): boolean {
    this.frames.addRejection(reason);
    const bytes = Buffer.from(reason);
    return this.added(hashOf(bytes, 0, bytes.length));
  }

  private added(hash: number): boolean {
    if (this.asked === this.count) this.since = performance.now();
    const { length } = this.frames;
    this.ends.push(length);
    return hash % MEAN_ENTRIES === 0 || this.count >= LIMITS.uploadPartEntries || length >= LIMITS.uploadPartBytes;
  }

  /** Some of its entries, as Frames. */
  bytes(from: number, end: number): Buffer {
    return this.frames.bytes.subarray(this.ends[from - 1] ?? 0, this.ends[end - 1]);
  }

  /** By which what begins at an entry is known, whatever is stored with it: the same where all before and this entry are. */
  nameOf(from: number): string {
    return this.name("from", 0, from + 1);
  }

  /** By which exactly these are known. */
  wholeNameOf(from: number, end: number): string {
    return this.name("whole", from, end);
  }

  private name(kind: string, from: number, end: number): string {
    const hash = createHash("sha256").update(JSON.stringify([kind, this.space, this.nonce]));
    return `upload ${this.hashed(hash, from, end)}`;
  }

  /** The same for the same entries. */
  contentsOf(from: number, end: number): string {
    return this.hashed(createHash("sha256"), from, end);
  }

  private hashed(hash: ReturnType<typeof createHash>, from: number, end: number): string {
    return hash.update(this.bytes(from, end)).digest("base64url");
  }
}

function hashOf(bytes: Buffer, from: number, end: number): number {
  let hash = HASH_START ^ (end - from);
  const last = end - WORD_BYTES;
  const until = from + HASHED_BYTES;
  for (let at = from; at <= last; at += WORD_BYTES) {
    if (at === until) at = Math.max(at, last - HASHED_BYTES);
    hash = Math.imul(hash ^ bytes.readInt32LE(at), HASH_PRIME);
  }
  // The lowest bits have seen the least.
  return (hash ^ (hash >>> 15)) >>> 0;
}

/** Collects the entries of an upload into chunks. */
export class UploadChunks implements EntrySink {
  /** The one that goes on. */
  open: Chunk;
  private whole: Chunk[] = [];

  /** @param space as Chunk, as `isPlaced` */
  constructor(
    private readonly space: string,
    private readonly isPlaced: IsPlaced,
  ) {
    this.open = new Chunk(space, 0, isPlaced);
  }

  entry(source: Buffer, from: number, end: number): void {
    if (this.open.add(source, from, end)) this.endOpen();
  }

  rejected(reason: string): void {
    if (this.open.addRejection(reason)) this.endOpen();
  }

  private endOpen(): void {
    const { open } = this;
    this.whole.push(open);
    this.open = new Chunk(this.space, open.first + open.count, this.isPlaced);
  }

  /** Those that have ended since the last call. */
  takeWhole(): Chunk[] {
    const { whole } = this;
    this.whole = [];
    return whole;
  }
}
