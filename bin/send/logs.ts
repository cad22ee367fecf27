import path from "node:path";
import { reasonOf } from "@/core/errors";
import { LIMITS } from "@/core/limits";
import { lockFolder } from "@/db/embedded/folder-lock";
import { type Deliverer, NotSent, Stopped } from "./deliver";
import { findLogs } from "./find-logs";
import { nameBeforeRotation } from "./generations";
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
/** Of a file's name, what is no name of a service. */
const ENDING = /\.(?:log|txt|out|err|json|jsonl|ndjson)$/i;

/** What a file's lines are of, when nobody says it: its name, without what rotation or its kind put behind it. */
export function serviceOf(log: string): string {
  const name = path.basename(log).replace(/\.gz$/, "");
  return (nameBeforeRotation(name).replace(ENDING, "") || name).slice(0, LIMITS.serviceCharacters);
}

/** The logs that were named, with the way of each: those of folders may become more. */
export class Logs {
  private readonly opened = new Map<string, SentLog>();
  private readonly failed = new Set<string>();

  constructor(
    private readonly options: LogsOptions,
    private readonly deliverer: Deliverer,
    private readonly progress: Progress,
  ) {}

  /** @throws Error when one that was named can't be found, or another process sends it */
  async find(): Promise<void> {
    const { options, opened } = this;
    const url = new URL(options.url).href;
    for (const { file, isInFolder } of await findLogs(options.operands)) {
      if (opened.has(file)) continue;
      if (options.follow && opened.size >= MOST_FOLLOWED)
        throw new NotSent(`there are more than ${MOST_FOLLOWED} logs to follow: name fewer`);
      const places = new PlaceFile(options.places, url, file);
      if (!(await lockFolder(places.file))) throw new NotSent(`${file} is being sent by another process already`);
      if (options.again) await places.forget();
      const sending = { follows: options.follow, fromOldest: isInFolder };
      opened.set(file, await SentLog.open(file, places, sending, this.sendingOf(file)));
    }
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
    for (const [file, log] of this.opened) {
      try {
        isMore = (await log.step()) || isMore;
        this.failed.delete(file);
      } catch (error) {
        if (error instanceof NotSent || error instanceof Stopped) throw error;
        // Another file may be read all the same. One that is followed may come back.
        if (!this.failed.has(file)) this.progress.say(`${file}: ${reasonOf(error)}`);
        this.failed.add(file);
        process.exitCode = 1;
      }
    }
    return isMore;
  }

  /** @returns bytes on disk that are left to send, as it looks now */
  async rest(): Promise<number> {
    let bytes = 0;
    for (const log of this.opened.values()) bytes += await log.rest().catch(() => 0);
    return bytes;
  }

  get count(): number {
    return this.opened.size;
  }

  /** Whether something of them was sent by another run. */
  get haveBegun(): boolean {
    return [...this.opened.values()].some((log) => log.hasBegun);
  }
}
