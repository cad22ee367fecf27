import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import type { Context, Executor } from "@/core/context";
import { services } from "@/db/schema";
import type { QueryNode } from "./query/query-tree";
import { type Required, requiredOf } from "./query/required";
import { resolvePatterns } from "./query/resolve-patterns";
import { testsField } from "./query/tests-field";
import { toSql } from "./query/to-sql";
import { type SealedScope, sealedScopeOf } from "./sealed";

/** What a search looks for, within a time that each caller cuts as it needs. */
export type Sought = {
  query: QueryNode;
  /** Only entries of exactly this service. */
  service?: string;
  /** Inclusive. */
  from: Date;
  /** Exclusive. */
  to: Date;
  /** Ends the search, in the database too. */
  signal?: AbortSignal;
};

export type Scope = {
  /** On rows of logs.logs. */
  condition: SQL;
  sealed: SealedScope;
  /** What the counts must have. */
  required: Required;
};

/** What a search looks for, in the languages of those who are asked. Knows the services of now: none is older than its entries. */
export async function scopeOf(db: Context["db"], { query: asked, service }: Sought): Promise<Scope> {
  const query = await resolvePatterns(db, asked);
  // Whatever is tested of the service, it is tested of entries of this one.
  const names = service === undefined ? await serviceNamesFor(db, [query]) : [service];
  const required = requiredOf(query, names);
  const condition = toSql(query, names);
  const sealed = sealedScopeOf(query, service);
  if (service === undefined) return { condition, sealed, required };
  return {
    condition: sql`service = ${service} and ${condition}`,
    sealed,
    required: { ...required, services: required.services ?? names },
  };
}

/** Names of all services, where a query tests the service; else none, as reading them takes as long as many counts. */
export async function serviceNamesFor(db: Executor, queries: readonly QueryNode[]): Promise<string[]> {
  if (!queries.some((query) => testsField(query, "service"))) return [];
  const { rows } = await db.execute(sql`select name from ${services} order by name`);
  return z
    .array(z.object({ name: z.string() }))
    .parse(rows)
    .map(({ name }) => name);
}
