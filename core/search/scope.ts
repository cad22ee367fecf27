import { type SQL, sql } from "drizzle-orm";
import type { Context } from "@/core/context";
import { services } from "@/db/schema";
import type { QueryNode } from "./query/query-tree";
import { type Required, requiredOf } from "./query/required";
import { resolvePatterns } from "./query/resolve-patterns";
import { toSql } from "./query/to-sql";

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

/** The condition on rows, and what it requires of the counts. Knows the services of now: none is older than its entries. */
export async function scopeOf(
  db: Context["db"],
  { query: asked, service }: Sought,
): Promise<{ condition: SQL; required: Required }> {
  const query = await resolvePatterns(db, asked);
  const rows = await db.select({ name: services.name }).from(services).orderBy(services.name);
  const names = rows.map(({ name }) => name);
  if (service === undefined) return { condition: toSql(query, names), required: requiredOf(query, names) };
  const required = requiredOf(query, names);
  const condition = sql`service = ${service} and ${toSql(query, names)}`;
  return {
    condition,
    required: { ...required, services: (required.services ?? names).filter((name) => name === service) },
  };
}
