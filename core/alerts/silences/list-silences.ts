import { desc } from "drizzle-orm";
import type { Context } from "@/core/context";
import type { Page, Paged } from "@/core/page";
import { alertSilences } from "@/db/schema";
import type { Silence } from "../schemas";

/** Those that end last come first, those that are over at the end. */
export async function listSilences({ db }: Context, { limit, offset }: Page): Promise<Paged<Silence>> {
  const rows = await db
    .select()
    .from(alertSilences)
    .orderBy(desc(alertSilences.endsAt), desc(alertSilences.id))
    .limit(limit)
    .offset(offset);
  return { total: await db.$count(alertSilences), data: rows.map(silenceOf) };
}

/** As the API has it: times of ISO 8601. */
export function silenceOf(row: typeof alertSilences.$inferSelect): Silence {
  return {
    id: row.id,
    service: row.service,
    kind: row.kind,
    alert_id: row.alertId,
    starts_at: row.startsAt.toISOString(),
    ends_at: row.endsAt.toISOString(),
    reason: row.reason,
    created_at: row.createdAt.toISOString(),
  };
}
