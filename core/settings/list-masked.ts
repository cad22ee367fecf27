import { asc, count, desc, gt } from "drizzle-orm";
import type { Context } from "@/core/context";
import { LIMITS } from "@/core/limits";
import { services } from "@/db/schema";
import type { MaskedService } from "./schemas";

/** In how many places of each service's entries something was masked, since ever; the most first, and how many services that are. */
export async function listMasked({
  db,
}: Pick<Context, "db">): Promise<{ services: MaskedService[]; services_total: number }> {
  const isMasked = gt(services.masked, 0);
  const [known] = await db.select({ total: count() }).from(services).where(isMasked);
  const rows = await db
    .select({ service: services.name, masked: services.masked })
    .from(services)
    .where(isMasked)
    .orderBy(desc(services.masked), asc(services.name))
    .limit(LIMITS.maskedServices);
  return { services: rows, services_total: known?.total ?? 0 };
}
