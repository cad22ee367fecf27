import { sql } from "drizzle-orm";
import { EventSourceParserStream } from "eventsource-parser/stream";
import { expect, vi } from "vitest";
import { createLogger } from "@/core/logger";
import { Hub, type HubContext } from "@/core/realtime/hub";
import { RecentRows } from "@/core/realtime/recent-rows";
import type { Watcher } from "@/core/realtime/watcher";
import { RetentionPlan } from "@/core/retention/retention-plan";
import { normaliseQuery } from "@/core/search/query/normalise-query";
import { parseQuery } from "@/core/search/query/parse";
import { ingestOf, RETENTION_DAYS, sendEntries, type TestDatabase } from "./test-database";

/** Waits for the thing itself, however slow the machine is. */
export const until = (check: () => void | Promise<void>) => vi.waitFor(check, { timeout: 60_000 });

const logger = createLogger("silent");

/** How many wait for a table that is locked. The server has other databases, whose tables have the same ids. */
async function blocked({ db }: TestDatabase): Promise<number> {
  const { rows } = await db.execute(sql`
    select from pg_locks join pg_database on pg_database.oid = database
    where not granted and datname = current_database() and relation is not null`);
  return rows.length;
}

/** Waits until somebody waits for a table that is locked. */
export const untilBlocked = (database: TestDatabase) =>
  until(async () => expect(await blocked(database)).toBeGreaterThan(0));

/** Waits until nobody does. */
export const untilNotBlocked = (database: TestDatabase) => until(async () => expect(await blocked(database)).toBe(0));

/** An instance of Cordwood: its own hub and its own way in. */
export class Instance {
  readonly recent = new RecentRows();
  /** What its feeds are made of. */
  readonly context: TestDatabase & Pick<HubContext, "logger" | "settings">;
  readonly hub: Hub;
  private readonly ingest: ReturnType<typeof ingestOf>;

  constructor(database: TestDatabase) {
    const settings = { retentionPlan: async () => new RetentionPlan(RETENTION_DAYS) };
    this.context = { ...database, logger, recent: this.recent, settings };
    this.hub = new Hub(this.context, database.url);
    this.ingest = ingestOf(this.context);
  }

  send = (...entries: unknown[]) => sendEntries(this.ingest, entries);
}

export type Received = { event: string | undefined; id: string | undefined; data: Record<string, unknown> };

/** Reads what it is given as a client does. */
export class Client implements Watcher {
  readonly events: Received[] = [];
  readonly pieces: Uint8Array[] = [];
  isBlocked = false;
  isClosed = false;
  private readonly source = new TransformStream<Uint8Array, Uint8Array>();
  private readonly writer = this.source.writable.getWriter();
  leave = () => {};

  constructor() {
    const events = this.source.readable
      .pipeThrough(new TextDecoderStream() as unknown as ReadableWritablePair<string, Uint8Array>)
      .pipeThrough(new EventSourceParserStream());
    void (async () => {
      for await (const { event, id, data } of events) this.events.push({ event, id, data: JSON.parse(data) });
    })();
  }

  write(bytes: Uint8Array): void {
    this.pieces.push(bytes);
    void this.writer.write(bytes);
  }

  isFull(): boolean {
    return this.isBlocked;
  }

  close(): void {
    this.isClosed = true;
    this.leave();
  }

  named(name: string): Received[] {
    return this.events.filter(({ event }) => event === name);
  }

  get messages(): string[] {
    return this.named("log").map(({ data }) => String(data.message));
  }

  /** Where it is, as it would say when it comes again. */
  get lastEventId(): string | null {
    return this.events.findLast(({ id }) => id !== undefined)?.id ?? null;
  }
}

export const tailOf = (q: string) => ({ query: normaliseQuery(parseQuery(q)) });

export const entry = (message: string, more: Record<string, unknown> = {}) => ({
  service: "shop",
  level: "info",
  message,
  ...more,
});
