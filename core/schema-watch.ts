import { sql } from "drizzle-orm";
import { z } from "zod";
import { MINUTE_MS } from "./clock";
import type { Executor } from "./context";
import type { Logger } from "./logger";
import { Pulse } from "./pulse";

/** What probes and the log are told. */
export const NEWER_SCHEMA = "a newer Cordwood has changed the database, which this version must not use any more";

const latestSchema = z.tuple([z.object({ latest: z.coerce.number().nullable() })]);

/**
 * Notices that a newer version has brought the database up to date while this process runs: it looks once a minute, and whenever it is
 * asked whether the process is ready. What this version writes might then be wrong, or fail.
 */
export class SchemaWatch {
  private isTold = false;
  private told: () => void = () => undefined;
  private readonly pulse: Pulse;

  /** @param newest the time of the last migration that this version has, by which Drizzle knows it */
  constructor(
    private readonly db: Executor,
    logger: Logger,
    private readonly newest: number,
  ) {
    this.pulse = new Pulse(
      async () => {
        await this.isNewer();
        this.pulse.wake();
        return MINUTE_MS;
      },
      (error) => logger.warn({ error }, "whether a newer version has changed the database is not known; asking again"),
      MINUTE_MS,
    );
  }

  /** @param found called once, when a newer version has been at the database */
  start(found: () => void): void {
    this.told = found;
    this.pulse.start();
  }

  stop(): void {
    this.pulse.stop();
  }

  /** Asks the database. @throws Error of the database, when it does not answer */
  async isNewer(): Promise<boolean> {
    const { rows } = await this.db.execute(sql`select max(created_at) as latest from drizzle.__drizzle_migrations`);
    const [{ latest }] = latestSchema.parse(rows);
    const isNewer = (latest ?? 0) > this.newest;
    if (isNewer && !this.isTold) {
      this.isTold = true;
      this.told();
    }
    return isNewer;
  }
}
