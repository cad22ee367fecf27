import { createHash } from "node:crypto";
import type { SQL } from "drizzle-orm";
import { PgDialect } from "drizzle-orm/pg-core";
import type pg from "pg";

const dialect = new PgDialect({ casing: "snake_case" });
/** Of the texts that were sent: PostgreSQL knows a statement by a name of at most 63 bytes. */
const names = new Map<string, string>();

/**
 * Runs a statement that the connection keeps prepared: for those that run many times a second, whose planning costs more than
 * they do. Its text must not depend on its values, or each would stay in PostgreSQL's memory.
 */
export function runPrepared<Row extends pg.QueryResultRow>(
  client: pg.ClientBase,
  statement: SQL,
): Promise<pg.QueryResult<Row>> {
  const { sql: text, params: values } = dialect.sqlToQuery(statement);
  let name = names.get(text);
  if (name === undefined) {
    name = createHash("sha256").update(text).digest("base64url");
    names.set(text, name);
  }
  return client.query<Row>({ name, text, values });
}

/**
 * Sends all statements that `send` starts at once, and waits for their answers then: one way to the server and back for all of
 * them. Each runs after the one before, and after one that fails a transaction refuses the rest. Nothing else may be under way on
 * the connection, which is the caller's alone.
 */
export async function inOneTrip<Sent extends readonly Promise<unknown>[] | []>(
  client: pg.ClientBase,
  send: () => Sent,
): Promise<{ -readonly [Index in keyof Sent]: Awaited<Sent[Index]> }> {
  if (!("pipeline" in client)) throw new TypeError("the driver can't send statements together");
  client.pipeline = true;
  try {
    const sent = send();
    // All are waited for, so that nothing is under way any more when one has failed.
    await Promise.allSettled(sent);
    return await Promise.all(sent);
  } finally {
    client.pipeline = false;
  }
}
