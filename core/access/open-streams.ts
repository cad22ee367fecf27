import { and, gt, inArray, isNull } from "drizzle-orm";
import type { Context } from "@/core/context";
import { LIMITS } from "@/core/limits";
import type { Logger } from "@/core/logger";
import { apiKeys, sessions } from "@/db/schema";
import type { AccessMode } from "./access-mode";
import { ENVIRONMENT_KEY, isNotExpired } from "./keys/key-store";
import type { Principal } from "./principal";

type Stream = { principal: Principal; end: () => void };

/** Answers that never end by themselves end when the session or key that they were opened with does. */
export class OpenStreams {
  private readonly streams = new Set<Stream>();
  private timer: NodeJS.Timeout | undefined;
  private checking: Promise<void> | undefined;

  constructor(
    private readonly context: Context & { logger: Logger },
    private readonly mode: () => Promise<AccessMode>,
  ) {}

  /**
   * @param end called when the principal is no longer known
   * @returns what forgets the stream
   */
  add(principal: Principal, end: () => void): () => void {
    const stream = { principal, end };
    this.streams.add(stream);
    this.timer ??= setInterval(() => this.checkAnew(), LIMITS.streamCheckMs).unref();
    return () => {
      this.streams.delete(stream);
      if (this.streams.size > 0) return;
      clearInterval(this.timer);
      this.timer = undefined;
    };
  }

  /** Ends those that no longer may go on. Asks once for all of them. When the database does not answer, they stay: nothing new comes to them either. */
  async check(): Promise<void> {
    // Those that are opened while the database answers are not among those it was asked for.
    const asked = [...this.streams];
    try {
      const holding = await this.holding(asked.map(({ principal }) => principal));
      for (const stream of asked) if (this.streams.has(stream) && !holding.has(nameOf(stream.principal))) stream.end();
    } catch (error) {
      this.context.logger.warn({ error }, "whether open streams may go on could not be checked; trying again");
    }
  }

  /** One at a time, however long the database takes. */
  private checkAnew(): void {
    this.checking ??= this.check().finally(() => {
      this.checking = undefined;
    });
  }

  private async holding(principals: readonly Principal[]): Promise<Set<string>> {
    const { db, clock } = this.context;
    const now = clock.now();
    const sessionIds = principals.flatMap((one) => (one.kind === "user" ? [one.sessionId] : []));
    const keyIds = principals.flatMap((one) => (one.kind === "key" && one.id !== ENVIRONMENT_KEY ? [one.id] : []));
    const [liveSessions, liveKeys, mode] = await Promise.all([
      sessionIds.length === 0
        ? []
        : db
            .select({ id: sessions.id })
            .from(sessions)
            .where(and(inArray(sessions.id, sessionIds), gt(sessions.expiresAt, now))),
      keyIds.length === 0
        ? []
        : db
            .select({ id: apiKeys.id })
            .from(apiKeys)
            .where(and(inArray(apiKeys.id, keyIds), isNull(apiKeys.revokedAt), isNotExpired(now))),
      this.mode(),
    ]);
    return new Set([
      ...liveSessions.map(({ id }) => `session ${id}`),
      ...liveKeys.map(({ id }) => `key ${id}`),
      `key ${ENVIRONMENT_KEY}`,
      ...(mode === "local" ? ["local"] : []),
    ]);
  }
}

function nameOf(principal: Principal): string {
  if (principal.kind === "user") return `session ${principal.sessionId}`;
  return principal.kind === "key" ? `key ${principal.id}` : "local";
}
