import path from "node:path";
import { reasonOf } from "@/core/errors";
import { LIMITS } from "@/core/limits";
import { type FolderLock, lockFolder } from "@/db/embedded/folder-lock";
import { type Deliverer, NotSent, Refused, Stopped } from "./deliver";
import { type FoundLog, findLogs } from "./find-logs";
import { generationOf, nameBeforeRotation } from "./generations";
import { PlaceFile } from "./place";
import type { Progress } from "./progress";
import { type Sending, SentLog } from "./sent-log";

type LogsOptions = {
  /** Files and folders. */
  operands: readonly string[];
  url: string;
  service?: string;
  follow: boolean;
  again: boolean;
  /** The folder where it is kept how far each was sent. */
  places: string;
};

const MOST_FOLLOWED = 1_000;
/** A document that was refused, because it was not whole yet, is sent again when it was written to, but not more often. */
const REFUSED_MS = 60_000;
/** Of a file's name, what is no name of a service. */
const ENDING = /\.(?:log|txt|out|err|json|jsonl|ndjson)$/i;

/** What a file's lines are of, when nobody says it: its name, without what rotation or its kind put behind it. */
export function serviceOf(log: string): string {
  const name = path.basename(log).replace(/\.gz$/, "");
  return (nameBeforeRotation(name).replace(ENDING, "") || name).slice(0, LIMITS.serviceCharacters);
}

type Opened = {
  log: SentLog;
  lock: FolderLock;
  /** It was told that it can't be read or sent. */
  hasFailed: boolean;
  /** When a document was refused, and when it had last been written to then. */
  refused: { atMs: number; modified: bigint | null } | null;
};

const modifiedOf = async (file: string): Promise<bigint | null> => (await generationOf(file))?.modified ?? null;

/** The log that a file was before rotation. */
const logOf = (file: string): string => path.join(path.dirname(file), nameBeforeRotation(path.basename(file)));

const isStillRefused = async (file: string, { refused }: Opened): Promise<boolean> =>
  refused !== null && (performance.now() - refused.atMs < REFUSED_MS || (await modifiedOf(file)) === refused.modified);

/** The logs that were named, with the way of each: those of folders may become more. */
export class Logs {
  private readonly opened = new Map<string, Opened>();
  private isFirst = true;
  private readonly begunAgain = new Set<string>();

  constructor(
    private readonly options: LogsOptions,
    private readonly deliverer: Deliverer,
    private readonly progress: Progress,
  ) {}

  /** @throws Error when one that was named can't be found at first, or another process sends it */
  async find(): Promise<void> {
    const { options, opened } = this;
    const found = new Map<string, FoundLog>();
    for (const one of await findLogs(options.operands, !this.isFirst)) {
      const file = await this.knownAs(one);
      found.set(file, { ...one, file });
    }
    this.isFirst = false;
    for (const [file, { log, lock }] of opened) {
      if (found.has(file) || !log.isAtRest) continue;
      opened.delete(file);
      await lock.release();
    }
    for (const { file, isInFolder } of found.values()) {
      if (opened.has(file)) continue;
      if (options.follow && opened.size >= MOST_FOLLOWED)
        throw new NotSent(`there are more than ${MOST_FOLLOWED} logs to follow: name fewer`);
      const places = this.placesOf(file);
      const lock = await lockFolder(places.file);
      if (!lock) throw new NotSent(`${file} is being sent by another process already`);
      // Once: one that was away for a moment is the same.
      if (options.again && !this.begunAgain.has(file)) await places.forget();
      this.begunAgain.add(file);
      const sending = { follows: options.follow, fromOldest: isInFolder };
      const log = await SentLog.open(file, places, sending, this.sendingOf(file));
      opened.set(file, { log, lock, hasFailed: false, refused: null });
    }
  }

  private placesOf(log: string): PlaceFile {
    return new PlaceFile(this.options.places, new URL(this.options.url).href, log);
  }

  /** A file of a folder that is a log's which was sent, and has no other file just now, as between two steps of rotation, is of that log. */
  private async knownAs({ file, isInFolder }: FoundLog): Promise<string> {
    const log = logOf(file);
    if (!isInFolder || log === file || this.opened.has(file)) return file;
    return this.opened.has(log) || (await this.placesOf(log).read()) !== null ? log : file;
  }

  private sendingOf(log: string): Sending {
    const { deliverer, progress, options } = this;
    const service = options.service ?? serviceOf(log);
    return {
      deliver: (batch, key) => deliverer.deliver(batch, key, service),
      stored: (answer, bytes) => progress.stored(log, answer, bytes),
      say: (what) => progress.say(what),
    };
  }

  /** @returns whether there may be more at once. @throws NotSent, Stopped */
  async step(): Promise<boolean> {
    let isMore = false;
    for (const [file, opened] of this.opened) {
      const { log } = opened;
      if (await isStillRefused(file, opened)) continue;
      try {
        isMore = (await log.step()) || isMore;
        opened.hasFailed = false;
        opened.refused = null;
      } catch (error) {
        const isRefused = error instanceof Refused && log.sendsDocument;
        if (!isRefused && (error instanceof NotSent || error instanceof Stopped)) throw error;
        // Another file may be read all the same. One that is followed may come back.
        if (!opened.hasFailed) this.progress.say(`${file}: ${reasonOf(error)}`);
        opened.hasFailed = true;
        if (isRefused && (await log.passOver())) isMore = true;
        else if (isRefused) opened.refused = { atMs: performance.now(), modified: await modifiedOf(file) };
        process.exitCode = 1;
      }
    }
    return isMore;
  }

  /** @returns bytes on disk that are left to send, as it looks now */
  async rest(): Promise<number> {
    let bytes = 0;
    for (const { log } of this.opened.values()) bytes += await log.rest().catch(() => 0);
    return bytes;
  }

  get count(): number {
    return this.opened.size;
  }

  /** Whether something of them was sent by another run. */
  get haveBegun(): boolean {
    return [...this.opened.values()].some(({ log }) => log.hasBegun);
  }
}
