import { createReadStream } from "node:fs";
import { type FileHandle, open, stat } from "node:fs/promises";
import type { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import type { Generation } from "./generations";

/** `isEnd`: there is nothing behind it, now. */
export type Piece = { bytes: Buffer; isEnd: boolean };

/** What stands in a file, unpacked; places are counted in unpacked bytes. Open until it is closed, whatever becomes of its name. */
export interface Content {
  read(from: number, length: number): Promise<Piece>;
  /** Of the file, as it is now on disk; `modified` is in nanoseconds since 1970. */
  state(): Promise<{ bytes: number; modified: bigint }>;
  /** Bytes of the file as it is on disk that lie before a place: for the progress. */
  onDisk(place: number): number;
  close(): Promise<void>;
}

export const openContent = async ({ file, isPacked }: Generation): Promise<Content> =>
  isPacked ? new PackedContent(file) : new PlainContent(await open(file));

class PlainContent implements Content {
  constructor(private readonly handle: FileHandle) {}

  async read(from: number, length: number): Promise<Piece> {
    const buffer = Buffer.allocUnsafe(length);
    let filled = 0;
    while (filled < length) {
      const { bytesRead } = await this.handle.read(buffer, filled, length - filled, from + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return { bytes: buffer.subarray(0, filled), isEnd: filled < length };
  }

  async state() {
    const { size, mtimeNs } = await this.handle.stat({ bigint: true });
    return { bytes: Number(size), modified: mtimeNs };
  }

  onDisk(place: number): number {
    return place;
  }

  close(): Promise<void> {
    return this.handle.close();
  }
}

/** Can be read forwards only; for a place that lies behind it begins anew. */
class PackedContent implements Content {
  private source: ReturnType<typeof createReadStream> | null = null;
  private pieces: AsyncIterator<Buffer> | null = null;
  /** What is unpacked and not asked for yet, and where it begins. */
  private held: Buffer = Buffer.alloc(0);
  private at = 0;
  private isEnd = false;

  constructor(private readonly file: string) {}

  async read(from: number, length: number): Promise<Piece> {
    if (this.pieces === null || from < this.at) await this.begin();
    while (!this.isEnd && this.at + this.held.length < from + length) await this.unpack(from);
    const bytes = this.held.subarray(from - this.at, from - this.at + length);
    return { bytes, isEnd: this.isEnd && this.at + this.held.length <= from + length };
  }

  private async begin(): Promise<void> {
    await this.close();
    this.source = createReadStream(this.file);
    const unpacked: Readable = this.source.pipe(createGunzip());
    this.source.once("error", (error) => unpacked.destroy(error));
    this.pieces = unpacked[Symbol.asyncIterator]();
    this.held = Buffer.alloc(0);
    this.at = 0;
    this.isEnd = false;
  }

  /** @param needed what lies before it is let go */
  private async unpack(needed: number): Promise<void> {
    const { done, value } = (await this.pieces?.next()) ?? { done: true };
    if (done) {
      this.isEnd = true;
      return;
    }
    const all = this.held.length === 0 ? value : Buffer.concat([this.held, value]);
    const past = Math.max(0, Math.min(all.length, needed - this.at));
    this.held = all.subarray(past);
    this.at += past;
  }

  async state() {
    const { size, mtimeNs } = await stat(this.file, { bigint: true });
    return { bytes: Number(size), modified: mtimeNs };
  }

  onDisk(): number {
    return this.source?.bytesRead ?? 0;
  }

  async close(): Promise<void> {
    await this.pieces?.return?.();
    this.source?.destroy();
    this.pieces = null;
  }
}
