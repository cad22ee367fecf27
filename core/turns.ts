import pLimit from "p-limit";
import { SECOND_MS } from "./clock";
import { tooBusy } from "./errors";
import { type TimeLimit, withinTime } from "./within-time";

/**
 * Lets few at once do what takes much of the machine; the others wait, the first to come first. Who does its work in pieces,
 * with a turn each, lets what is quick through between them.
 */
export class Turns {
  private readonly limit: ReturnType<typeof pLimit>;
  /** How many wait, without those who have given up. */
  waiting = 0;

  /**
   * @param atOnce how many have a turn at the same time
   * @param options.most so many may wait
   * @param options.what is waited for, in the plural
   */
  constructor(
    atOnce: number,
    private readonly options: { most: number; what: string } = { most: Number.POSITIVE_INFINITY, what: "" },
  ) {
    this.limit = pLimit(atOnce);
  }

  /**
   * @param waiting those of them that count here
   * @throws Fault too_busy when so many wait that one more would wait for too long
   */
  admit(waiting = this.waiting): void {
    const { most, what } = this.options;
    if (waiting < most) return;
    throw tooBusy(`${waiting} ${what} wait for their turn already; ask again in a few seconds`, RETRY_SECONDS);
  }

  /**
   * Does the work when it is its turn.
   * @throws the signal's reason when it aborts before that
   */
  async run<Result>(signal: AbortSignal | undefined, work: () => Promise<Result>): Promise<Result> {
    const release = await this.take(signal);
    try {
      return await work();
    } finally {
      release();
    }
  }

  /**
   * Waits for a turn as take() does, but no longer than it may.
   * @throws Fault too_busy when others had the turns for all of that time
   */
  takeWithin({ withinMs, signal }: TimeLimit): Promise<() => void> {
    return withinTime(
      { withinMs, signal },
      (ended) => this.take(ended),
      () => {
        throw tooBusy(
          `${this.options.what} before this one took longer than the ${withinMs / SECOND_MS} seconds that it waits; ask again in a few seconds`,
          RETRY_SECONDS,
        );
      },
    );
  }

  /**
   * Waits for a turn, which ends when what is returned is called.
   * @throws the signal's reason when it aborts before that
   */
  take(signal?: AbortSignal): Promise<() => void> {
    return new Promise((taken, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const giveUp = () => {
        this.waiting--;
        reject(signal?.reason);
      };
      this.waiting++;
      signal?.addEventListener("abort", giveUp, { once: true });
      void this.limit(() => {
        // Who has given up still stands in the queue, and lets the next one pass.
        if (signal?.aborted) return Promise.resolve();
        signal?.removeEventListener("abort", giveUp);
        this.waiting--;
        return new Promise<void>((release) => taken(release));
      });
    });
  }
}

/** What gives turns. */
export type TakesTurns = Pick<Turns, "take">;

/** How long somebody has waited for turns, of whatever kind. */
export class Waited {
  ms = 0;

  /** The same turns, whose waits are added up here. */
  counting(turns: TakesTurns): TakesTurns {
    return {
      take: async (signal) => {
        const askedMs = performance.now();
        try {
          return await turns.take(signal);
        } finally {
          this.ms += performance.now() - askedMs;
        }
      },
    };
  }
}

const RETRY_SECONDS = 5;
