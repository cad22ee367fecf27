import { findPipe } from "@/core/analytics/find-pipe";
import { parsePipes } from "@/core/analytics/parse-pipes";
import type { Clock } from "@/core/clock";
import { codeOf, SQL_STATES } from "@/core/error-code";
import { conflict } from "@/core/errors";
import { LIMITS } from "@/core/limits";
import { RetentionPlan } from "@/core/retention/retention-plan";
import { readQuery } from "@/core/search/query/read-query";
import type { savedViews } from "@/db/schema";
import type { ViewInput } from "./schemas";

type Row = typeof savedViews.$inferSelect;

/**
 * What storing a new and a changed view have in common.
 * @throws Fault invalid for a query that is none, conflict when another view has the name
 */
export async function storeView(clock: Clock, input: ViewInput, store: () => Promise<Row[]>): Promise<Row | undefined> {
  const pipe = findPipe(input.query);
  if (pipe !== null) parsePipes(input.query, pipe);
  readQuery(pipe === null ? input.query : input.query.slice(0, pipe), {
    nowMs: clock.now().getTime(),
    retention: new RetentionPlan(LIMITS.retentionDays),
    masker: null,
  });
  try {
    return (await store())[0];
  } catch (error) {
    if (codeOf(error) === SQL_STATES.uniqueViolation) {
      throw conflict(`there is a view named "${input.name}" already`);
    }
    throw error;
  }
}
