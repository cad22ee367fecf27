import { sql } from "drizzle-orm";
import { z } from "zod";
import type { Executor } from "@/core/context";
import type { QueryNode } from "./query-tree";

/** Takes each pattern that a query names for all that count as the same one: its canonical pattern and that one's aliases. */
export async function resolvePatterns(db: Executor, node: QueryNode): Promise<QueryNode> {
  const resolve = await patternResolver(db, [node]);
  return resolve(node);
}

/** The same for several queries, which are asked for at once. @returns what does so with one of them */
export async function patternResolver(
  db: Executor,
  nodes: readonly QueryNode[],
): Promise<(node: QueryNode) => QueryNode> {
  const ids = nodes.flatMap(idsOf);
  if (ids.length === 0) return (node) => node;
  const result = await db.execute(sql`
    select asked.id, array_agg(distinct same.id::text) as same
    from (
      select id, coalesce(canonical, id) as root from unnest(${sql.param(ids)}::bigint[]) as id
      left join logs.pattern_aliases on pattern = id
    ) as asked cross join lateral (
      select asked.id union select root union select pattern from logs.pattern_aliases where canonical = root
    ) as same (id)
    group by asked.id`);
  const rows = z.array(z.object({ id: z.string(), same: z.array(z.string()) })).parse(result.rows);
  const same = new Map(rows.map(({ id, same }) => [id, same]));
  return (node) => withPatterns(node, same);
}

function idsOf(node: QueryNode): string[] {
  if (node.kind === "match") return node.test.op === "patterns" ? [...(node.test.ids ?? [])] : [];
  return node.kind === "not" ? idsOf(node.child) : node.children.flatMap(idsOf);
}

function withPatterns(node: QueryNode, same: ReadonlyMap<string, readonly string[]>): QueryNode {
  if (node.kind === "not") return { kind: "not", child: withPatterns(node.child, same) };
  if (node.kind !== "match") {
    return { kind: node.kind, children: node.children.map((child) => withPatterns(child, same)) };
  }
  if (node.test.op !== "patterns" || node.test.ids === null) return node;
  return { ...node, test: { op: "patterns", ids: node.test.ids.flatMap((id) => same.get(id) ?? [id]) } };
}
