import { and, eq, gt, isNull, lt, or } from "drizzle-orm";
import { LRUCache } from "lru-cache";
import type { KeyPrincipal } from "@/core/access/principal";
import type { KeyScope } from "@/core/access/roles";
import { addMs, MINUTE_MS } from "@/core/clock";
import type { Context } from "@/core/context";
import { LIMITS } from "@/core/limits";
import { apiKeys } from "@/db/schema";
import { hashOf } from "./key-text";

export const ENVIRONMENT_KEY = "environment";

type Known = {
  /** Null: there is no such key, or it no longer holds. */
  key: Promise<KeyPrincipal | null>;
  expiresMs: number;
  /** Then it is read again. */
  untilMs: number;
};

/**
 * Who sends with a key. What was read holds for LIMITS.keyCacheMs, so the way of a log line has no query for it, and a key
 * that is revoked ends on every instance within that time.
 */
export class KeyStore {
  private readonly known = new LRUCache<string, Known>({ max: 10_000 });
  private readonly configured: { hash: string; principal: KeyPrincipal } | null;

  constructor(
    private readonly context: Context,
    configured: { key: string; scopes: readonly KeyScope[] } | null,
  ) {
    this.configured = configured && {
      hash: hashOf(configured.key),
      principal: {
        kind: "key",
        id: ENVIRONMENT_KEY,
        name: "CORDWOOD_API_KEY",
        scopes: configured.scopes,
        services: null,
      },
    };
  }

  /** Whether it is known without a query what a key is worth. */
  isAtHand(hash: string): boolean {
    if (this.configured?.hash === hash) return true;
    const known = this.known.get(hash);
    return known !== undefined && this.context.clock.now().getTime() < known.untilMs;
  }

  /** By the hash of a key (key-text.ts). Null for one that is unknown, expired or revoked. */
  find(hash: string): Promise<KeyPrincipal | null> {
    if (this.configured?.hash === hash) return Promise.resolve(this.configured.principal);
    const nowMs = this.context.clock.now().getTime();
    const known = this.known.get(hash);
    if (known && nowMs < known.untilMs) return nowMs < known.expiresMs ? known.key : Promise.resolve(null);
    const entry: Known = { key: Promise.resolve(null), expiresMs: Infinity, untilMs: nowMs + LIMITS.keyCacheMs };
    this.known.set(hash, entry);
    entry.key = this.read(hash, entry);
    return entry.key;
  }

  private async read(hash: string, entry: Known): Promise<KeyPrincipal | null> {
    const { db, clock } = this.context;
    const now = clock.now();
    try {
      const holds = and(eq(apiKeys.keyHash, hash), isNull(apiKeys.revokedAt), isNotExpired(now));
      const [row] = await db.select().from(apiKeys).where(holds);
      if (!row) return null;
      await db
        .update(apiKeys)
        .set({ lastUsedAt: now })
        .where(
          and(eq(apiKeys.id, row.id), or(isNull(apiKeys.lastUsedAt), lt(apiKeys.lastUsedAt, addMs(now, -MINUTE_MS)))),
        );
      entry.expiresMs = row.expiresAt?.getTime() ?? Infinity;
      return { kind: "key", id: row.id, name: row.name, scopes: row.scopes, services: row.services };
    } catch (error) {
      this.known.delete(hash);
      throw error;
    }
  }
}

/** SQL of keys that hold at a time: without an end, or with one that is still to come. */
export const isNotExpired = (now: Date) => or(isNull(apiKeys.expiresAt), gt(apiKeys.expiresAt, now));
