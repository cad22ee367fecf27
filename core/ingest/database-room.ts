import { sql } from "drizzle-orm";
import { SECOND_MS } from "@/core/clock";
import { codeOf, SQL_STATES } from "@/core/error-code";
import { reasonOf } from "@/core/errors";
import type { Database } from "@/db/client";

/** What senders and probes are told. */
export const NO_ROOM = "the database has no room left on its disk";

/** disk_full (PostgreSQL's documentation, "Error Codes"). */
export const isDiskFull = (error: unknown): boolean => codeOf(error) === SQL_STATES.diskFull;

/** Pages of 8 KiB that are asked for: a megabyte, as a batch of entries needs. */
const TRIED_PAGES = 128;

/** Whether the database has room for entries: none since a write found none, until as much is tried as a batch needs. */
export class DatabaseRoom {
  private full = false;
  private triedMs = Number.NEGATIVE_INFINITY;
  private trying: Promise<void> | null = null;

  constructor(private readonly db: Database) {}

  /** Told of what ends a transaction of entries. That another one was committed since says little: few entries may fit where there is a page left. */
  noteFailure(error: unknown): void {
    if (isDiskFull(error)) this.full = true;
  }

  /**
   * Asks again, at most once a second, while there was none: who balances load sends nothing to an instance that is not ready, so
   * no write would ever find that there is room again.
   * @throws Error of the database, other than that its disk is full
   */
  async isFull(): Promise<boolean> {
    if (!this.full) return false;
    if (performance.now() - this.triedMs >= SECOND_MS) {
      this.trying ??= this.try().finally(() => {
        this.trying = null;
      });
      await this.trying;
    }
    return this.full;
  }

  /** Takes the room and gives it back at once: a temporary table goes with its transaction. */
  private async try(): Promise<void> {
    this.triedMs = performance.now();
    try {
      await this.db.transaction(async (transaction) => {
        await transaction.execute(sql`create temporary table room (page text storage plain) on commit drop`);
        await transaction.execute(
          sql`insert into room select repeat('x', 8000) from generate_series(1, ${TRIED_PAGES}::int)`,
        );
      });
      this.full = false;
    } catch (error) {
      if (!isDiskFull(error)) throw new Error(`room could not be tried: ${reasonOf(error)}`, { cause: error });
    }
  }
}
