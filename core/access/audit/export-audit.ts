import type { Context } from "@/core/context";
import { LIMITS } from "@/core/limits";
import { type AuditQuery, listAudit } from "./list-audit";

/** All that a query selects, newest first, one JSON object a line. */
export async function* exportAudit(context: Pick<Context, "db">, query: AuditQuery): AsyncGenerator<string> {
  let before: number | undefined;
  for (;;) {
    const { events, next } = await listAudit(context, { ...query, limit: LIMITS.listedAuditEvents, before });
    yield events.map((event) => `${JSON.stringify(event)}\n`).join("");
    if (next === null) return;
    before = next;
  }
}
