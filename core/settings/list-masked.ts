import { asc, desc, gt } from "drizzle-orm";
import type { Context } from "@/core/context";
import { services } from "@/db/schema";
import type { MaskedService } from "./schemas";

/** In how many places of each service's entries something was masked, since ever; the most first. */
export async function listMasked({ db }: Pick<Context, "db">): Promise<MaskedService[]> {
  return db
    .select({ service: services.name, masked: services.masked })
    .from(services)
    .where(gt(services.masked, 0))
    .orderBy(desc(services.masked), asc(services.name));
}
