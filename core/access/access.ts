import { timingSafeEqual } from "node:crypto";
import { sql } from "drizzle-orm";
import type pg from "pg";
import { SECOND_MS } from "@/core/clock";
import type { Config } from "@/core/config";
import type { Context } from "@/core/context";
import type { Logger } from "@/core/logger";
import type { Mailer } from "@/core/mail/mailer";
import { deriveKey } from "@/core/secrets/secret-box";
import type { Database } from "@/db/client";
import { users } from "@/db/schema";
import type { AccessMode } from "./access-mode";
import { type Auth, createAuth } from "./auth";
import { KeyCheck } from "./keys/key-check";
import { KeyStore } from "./keys/key-store";
import { isPublished } from "./loopback";
import { OpenStreams } from "./open-streams";
import { RateLimits } from "./rate-limits";
import { SharedCounts } from "./shared-counts";

type AccessParts = Context & {
  pool: pg.Pool;
  logger: Logger;
  config: Config;
  secret: string;
  publicUrl: string;
  mailer: Mailer | null;
  /** It listens on an address of this machine only; others may reach it through a proxy all the same. */
  isOnLoopback: boolean;
};

const SET_UP_TOKEN_BYTES = 24;

/** For so long another instance may go on without knowing of the first account. */
const RECHECK_MS = SECOND_MS;

/** What the process has of access: one for all requests. */
export class Access {
  /** Accounts, passwords and sessions, which no provider has a say in: better-auth would wait for its answers before anything else. */
  readonly auth: Auth;
  /** For people who come through OpenID Connect. */
  readonly oidcAuth: Auth;
  readonly keys: KeyCheck;
  readonly limits: RateLimits;
  readonly streams: OpenStreams;
  /** Of the link that makes the first account while the server is locked: of one secret it is one, whichever instance printed it. */
  readonly setUpToken: string;
  private hasAccounts = false;
  private checkedMs = Number.NEGATIVE_INFINITY;
  private checking: Promise<void> | null = null;

  constructor(private readonly parts: AccessParts) {
    const { config } = parts;
    this.auth = createAuth({ ...parts, oidc: null });
    this.oidcAuth = config.oidc === null ? this.auth : createAuth({ ...parts, oidc: config.oidc });
    const shared = config.redisUrl === null ? null : new SharedCounts(config.redisUrl, parts.logger);
    this.limits = new RateLimits(parts.pool, shared);
    this.keys = new KeyCheck(new KeyStore(parts, config.apiKey), this.limits, parts.clock);
    this.setUpToken = deriveKey(parts.secret, "set-up link").toString("base64url", 0, SET_UP_TOKEN_BYTES);
    this.streams = new OpenStreams(parts, () => this.mode());
  }

  /** Accounts and sessions as `db` reads and writes them: the pool, or a transaction. */
  authOn(db: Database): Auth {
    return db === this.parts.db ? this.auth : createAuth({ ...this.parts, db, oidc: null });
  }

  async mode(): Promise<AccessMode> {
    if (await this.isSetUp()) return "accounts";
    return this.parts.isOnLoopback && !isPublished(this.parts.config) ? "local" : "locked";
  }

  /** Once there is an account there always is one: the last admin can't be removed. */
  private async isSetUp(): Promise<boolean> {
    if (this.hasAccounts || performance.now() - this.checkedMs < RECHECK_MS) return this.hasAccounts;
    this.checking ??= this.check().finally(() => {
      this.checking = null;
    });
    await this.checking;
    return this.hasAccounts;
  }

  /** @throws Error of the database at the first time; later what was known holds, as nobody makes accounts without it either */
  private async check(): Promise<void> {
    try {
      const { rows } = await this.parts.db.execute<{ found: boolean }>(
        sql`select exists (select from ${users}) as found`,
      );
      this.hasAccounts = rows[0]?.found === true;
    } catch (error) {
      if (this.checkedMs < 0) throw error;
      this.parts.logger.warn({ error }, "whether there is an account could not be checked; trying again");
    }
    this.checkedMs = performance.now();
  }

  /** So that the next request of this process knows of the first account at once. */
  noteAccount(): void {
    this.hasAccounts = true;
  }

  isSetUpToken(token: string): boolean {
    const given = Buffer.from(token);
    const right = Buffer.from(this.setUpToken);
    return given.length === right.length && timingSafeEqual(given, right);
  }
}
