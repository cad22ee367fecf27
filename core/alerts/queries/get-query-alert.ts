import { eq } from "drizzle-orm";
import type { Context } from "@/core/context";
import { notFound } from "@/core/errors";
import { alertQueries } from "@/db/schema";
import { queryAlertsOf } from "./query-alerts-of";
import type { QueryAlert } from "./schemas";

/** @throws Fault not_found */
export async function getQueryAlert(context: Pick<Context, "db">, id: number): Promise<QueryAlert> {
  const alert = await findQueryAlert(context, id);
  if (!alert) throw notFound(`there is no alert ${id}`);
  return alert;
}

/** Null where there is none. */
export async function findQueryAlert({ db }: Pick<Context, "db">, id: number): Promise<QueryAlert | null> {
  const rows = await db.select().from(alertQueries).where(eq(alertQueries.id, id));
  return (await queryAlertsOf({ db }, rows))[0] ?? null;
}
