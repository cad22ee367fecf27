import { type SQL, sql } from "drizzle-orm";
import type { Context } from "@/core/context";
import { services } from "@/db/schema";
import type { QueryNode } from "./query/query-tree";
import { type Required, requiredOf } from "./query/required";
import { resolvePatterns } from "./query/resolve-patterns";
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
  /** Names of all services. */
  services: string[];
};

/** What a search looks for, in the languages of those who are asked. Knows the services of now: none is older than its entries. */
export async function scopeOf(db: Context["db"], { query: asked, service }: Sought): Promise<Scope> {
  const query = await resolvePatterns(db, asked);
  const rows = await db.select({ name: services.name }).from(services).orderBy(services.name);
  const names = rows.map(({ name }) => name);
  const required = requiredOf(query, names);
  const condition = toSql(query, names);
  const sealed = sealedScopeOf(query, service);
  if (service === undefined) return { condition, sealed, required, services: names };
  return {
    condition: sql`service = ${service} and ${condition}`,
    sealed,
    services: names,
    required: { ...required, services: (required.services ?? names).filter((name) => name === service) },
  };
}
