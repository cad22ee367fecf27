import type pg from "pg";

/**
 * What sizes are where entries are distributed, by the functions that say it. Asking every node for the size of each day would cost each
 * search more than looking at days that are empty. Of a table with partitions Citus gives what it has beside them, which is nothing.
 */
const SIZES = [
  { name: "part_bytes", takes: "part oid", body: "select 1::bigint" },
  {
    name: "distributed_bytes",
    takes: "",
    body: `select coalesce(sum(citus_total_relation_size(relid, fail_on_error => false)), 0)::bigint
      from pg_partition_tree('logs.logs') where isleaf`,
  },
] as const;

/**
 * Spreads the entries over the workers of a Citus cluster, by their id; everything else stays on the coordinator (ADR 22).
 * Does nothing when they are spread already, except for what an earlier start has left to be done.
 * @throws Error when the database has no extension citus, or no node that may hold entries
 */
export async function distributeEntries(client: pg.ClientBase): Promise<void> {
  const { rows: extensions } = await client.query("select from pg_extension where extname = 'citus'");
  if (extensions.length === 0)
    throw new Error(
      'CORDWOOD_DISTRIBUTE is set and it has no extension citus: run "create extension citus" on every node, and citus_add_node',
    );
  // All of it is done again when it ends on the way.
  await replaceSizes(client);
  if (!(await isDistributed(client))) await spread(client);
  await removeCopies(client);
}

/** Only those that are of an earlier version: Citus makes a function on all nodes, of which one may be away. */
async function replaceSizes(client: pg.ClientBase): Promise<void> {
  const { rows } = await client.query<{ name: string; body: string }>(
    "select proname as name, prosrc as body from pg_proc where pronamespace = 'logs'::regnamespace",
  );
  for (const { name, takes, body } of SIZES) {
    if (rows.some((known) => known.name === name && known.body === body)) continue;
    await client.query(
      `create or replace function logs.${name}(${takes}) returns bigint language sql as $body$${body}$body$`,
    );
  }
}

async function spread(client: pg.ClientBase): Promise<void> {
  const { rows: nodes } = await client.query("select from pg_dist_node where shouldhaveshards and isactive");
  if (nodes.length === 0)
    throw new Error("CORDWOOD_DISTRIBUTE is set and its Citus has no worker: add some by citus_add_node");
  await client.query("select create_distributed_table('logs.logs', 'id')");
}

/**
 * Rows that were there before are copied to the workers, and stay where they were as well, where no statement sees them any more
 * (Citus, "create_distributed_table"). Looks each time, as they may be left from a start that was killed.
 */
async function removeCopies(client: pg.ClientBase): Promise<void> {
  const { rows } = await client.query(
    "select from pg_partition_tree('logs.logs') where isleaf and pg_relation_size(relid) > 0 limit 1",
  );
  if (rows.length > 0) await client.query("select truncate_local_data_after_distributing_table('logs.logs')");
}

/** Whether the entries are spread over workers of Citus. */
export async function isDistributed(client: Pick<pg.ClientBase, "query">): Promise<boolean> {
  const { rows: known } = await client.query(
    "select from pg_class where oid = to_regclass('pg_catalog.pg_dist_partition')",
  );
  if (known.length === 0) return false;
  const { rows } = await client.query("select from pg_dist_partition where logicalrelid = 'logs.logs'::regclass");
  return rows.length > 0;
}
