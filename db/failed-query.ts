import { NodePgPreparedQuery } from "drizzle-orm/node-postgres";
import pg from "pg";

/**
 * What PostgreSQL said and the statement, without its parameters: among them are tokens of sessions and hashes, and what is thrown ends in
 * logs, in job_executions and at an Inngest server.
 */
export class FailedQuery extends Error {
  constructor(statement: string, cause: unknown) {
    super(`${cause instanceof Error ? cause.message : String(cause)}, in: ${statement}`, { cause });
    this.name = "FailedQuery";
  }
}

async function run(statement: string, _parameters: unknown, query: () => Promise<unknown>): Promise<unknown> {
  try {
    return await query();
  } catch (error) {
    if (error instanceof pg.DatabaseError) hideValues(error);
    throw new FailedQuery(statement, error);
  }
}

/** They repeat values of rows and parameters, such as "Key (token)=(...) already exists". */
function hideValues(error: pg.DatabaseError): void {
  error.detail = undefined;
  error.where = undefined;
}

/**
 * Makes what Drizzle throws for a failed query a FailedQuery. Its own error has all parameters in its message and its stack, and no
 * setting leaves them out, so the method is taken over that every query goes through (of 0.45; core/failed-query.test.ts holds that it still is
 * the one). It would also ask Drizzle's cache, which nothing here has.
 */
export function hideParameters(): void {
  if (Object.hasOwn(NodePgPreparedQuery.prototype, "queryWithCache")) return;
  Object.defineProperty(NodePgPreparedQuery.prototype, "queryWithCache", { value: run });
}
