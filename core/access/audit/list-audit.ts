import { and, desc, eq, gte, lt, type SQL } from "drizzle-orm";
import type { Context } from "@/core/context";
import { countRows } from "@/core/count-rows";
import { hasInName } from "@/core/name-search";
import { auditEvents } from "@/db/schema";
import type { AuditAction } from "./actions";
import { type AuditEvent, type AuditPage, auditEventSchema } from "./schemas";

export type AuditQuery = {
  action?: AuditAction;
  /** Part of who did it, or of what it was done to. */
  text?: string;
  from?: Date;
  to?: Date;
};

type Page = AuditQuery & {
  limit: number;
  /** Of an event: older ones are wanted. */
  before?: number;
};

/** Newest first. */
export async function listAudit({ db }: Pick<Context, "db">, query: Page): Promise<Omit<AuditPage, "total">> {
  const { limit, before } = query;
  const rows = await db
    .select()
    .from(auditEvents)
    .where(and(selectedBy(query), before === undefined ? undefined : lt(auditEvents.id, before)))
    .orderBy(desc(auditEvents.id))
    .limit(limit + 1);
  const events = rows.slice(0, limit).map(eventOf);
  return { events, next: rows.length > limit ? (events.at(-1)?.id ?? null) : null };
}

/** How many events there are, up to LIMITS.countedRows. */
export const countAudit = (context: Pick<Context, "db">, query: AuditQuery): Promise<number> =>
  countRows(context, auditEvents, selectedBy(query));

const selectedBy = ({ action, text = "", from, to }: AuditQuery): SQL | undefined =>
  and(
    action && eq(auditEvents.action, action),
    hasInName(text, auditEvents.actorName, auditEvents.target),
    from && gte(auditEvents.at, from),
    to && lt(auditEvents.at, to),
  );

const eventOf = (row: typeof auditEvents.$inferSelect): AuditEvent =>
  auditEventSchema.parse({
    id: row.id,
    at: row.at.toISOString(),
    actor_kind: row.actorKind,
    actor: row.actorName,
    action: row.action,
    target: row.target,
    detail: row.detail,
    address: row.address,
  });
