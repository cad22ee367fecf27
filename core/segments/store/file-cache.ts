import { randomUUID } from "node:crypto";
import { rmSync } from "node:fs";
import { mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import path from "node:path";
import { HOUR_MS } from "@/core/clock";
import { ifThere } from "@/core/if-there";
import type { HeldFile } from "./segment-store";

const PART = ".part";

type CachedFile = {
  bytes: number;
  holders: number;
  isThere: boolean;
  ready: Promise<void>;
};

/**
 * Files in a local folder that can be had again from elsewhere. Together they take up to so many bytes, more only while more are
 * held; those that were not held for longest go first. What is there already counts too.
 */
export class FileCache {
  /** The latest used last. */
  private readonly files = new Map<string, CachedFile>();
  private bytes = 0;
  private stocked: Promise<void> | null = null;

  constructor(
    readonly folder: string,
    private readonly mostBytes: number,
  ) {}

  /**
   * A file that stays until it is released. Who waits may leave; what is being loaded is loaded all the same, for who comes next.
   * @param name its path within the folder
   * @param load writes it to a local file
   * @throws what `load` does, and the signal's reason when it aborts
   */
  async hold(
    name: string,
    bytes: number,
    load: (file: string) => Promise<void>,
    signal: AbortSignal | undefined,
  ): Promise<HeldFile> {
    await this.known();
    const cached = this.files.get(name) ?? this.begin(name, bytes, load);
    const held = this.take(name, cached);
    try {
      await unlessAborted(cached.ready, signal);
    } catch (error) {
      held.release();
      throw error;
    }
    return held;
  }

  /** Null when it would have to be loaded. */
  async holdIfThere(name: string): Promise<HeldFile | null> {
    await this.known();
    const cached = this.files.get(name);
    return cached?.isThere ? this.take(name, cached) : null;
  }

  private known(): Promise<void> {
    this.stocked ??= this.takeStock().catch((error: unknown) => {
      // Who comes next tries again: the folder may be there by then.
      this.stocked = null;
      throw error;
    });
    return this.stocked;
  }

  private take(name: string, cached: CachedFile): HeldFile {
    this.files.delete(name);
    this.files.set(name, cached);
    cached.holders++;
    let isHeld = true;
    const release = () => {
      if (isHeld) cached.holders--;
      isHeld = false;
      this.shrink();
    };
    return { file: path.join(this.folder, name), release };
  }

  /** Whether it was there. */
  forget(name: string): boolean {
    const cached = this.files.get(name);
    if (!cached?.isThere) return false;
    this.drop(name, cached);
    return true;
  }

  private begin(name: string, bytes: number, load: (file: string) => Promise<void>): CachedFile {
    const cached: CachedFile = { bytes, holders: 0, isThere: false, ready: Promise.resolve() };
    cached.ready = this.load(name, load).then(
      () => {
        cached.isThere = true;
      },
      (error: unknown) => {
        this.files.delete(name);
        this.bytes -= bytes;
        throw error;
      },
    );
    // Everybody who waited for it may have left.
    cached.ready.catch(() => undefined);
    this.files.set(name, cached);
    this.bytes += bytes;
    return cached;
  }

  private async load(name: string, load: (file: string) => Promise<void>): Promise<void> {
    const file = path.join(this.folder, name);
    const part = `${file}.${randomUUID()}${PART}`;
    await mkdir(path.dirname(file), { recursive: true });
    try {
      await load(part);
      await rename(part, file);
    } catch (error) {
      await rm(part, { force: true });
      throw error;
    }
  }

  private shrink(): void {
    for (const [name, cached] of this.files) {
      if (this.bytes <= this.mostBytes) return;
      if (cached.holders === 0 && cached.isThere) this.drop(name, cached);
    }
  }

  private drop(name: string, cached: CachedFile): void {
    this.files.delete(name);
    this.bytes -= cached.bytes;
    // At once, because it may be loaded again.
    rmSync(path.join(this.folder, name), { force: true });
  }

  /** Finds what an earlier process has left, the oldest first. */
  private async takeStock(): Promise<void> {
    await mkdir(this.folder, { recursive: true });
    const found: { name: string; bytes: number; modifiedMs: number }[] = [];
    for (const entry of await readdir(this.folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const file = path.join(entry.parentPath, entry.name);
      const about = await ifThere(stat(file));
      if (!about) continue;
      const { size, mtimeMs } = about;
      if (!entry.name.endsWith(PART)) {
        found.push({ name: path.relative(this.folder, file), bytes: size, modifiedMs: mtimeMs });
      } else if (mtimeMs < Date.now() - HOUR_MS) await rm(file, { force: true });
    }
    for (const { name, bytes } of found.sort((one, other) => one.modifiedMs - other.modifiedMs)) {
      if (this.files.has(name)) continue;
      this.files.set(name, { bytes, holders: 0, isThere: true, ready: Promise.resolve() });
      this.bytes += bytes;
    }
    this.shrink();
  }
}

function unlessAborted(work: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  if (!signal) return work;
  return new Promise((resolve, reject) => {
    const leave = () => reject(signal.reason);
    if (signal.aborted) return leave();
    signal.addEventListener("abort", leave, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", leave));
  });
}
