import { and, eq, gt } from "drizzle-orm";
import type { Context } from "@/core/context";
import { notFound } from "@/core/errors";
import { alertSilences } from "@/db/schema";
import type { Silence } from "../schemas";
import { silenceOf } from "./list-silences";

/** Ends a silence now; it stays on record. @throws Fault not_found for one that isn't there or is over */
export async function endSilence({ db, clock }: Context, id: number): Promise<Silence> {
  const now = clock.now();
  const [row] = await db
    .update(alertSilences)
    .set({ endsAt: now })
    .where(and(eq(alertSilences.id, id), gt(alertSilences.endsAt, now)))
    .returning();
  if (!row) throw notFound(`there is no silence ${id} that still holds`);
  return silenceOf(row);
}
