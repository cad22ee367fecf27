import { sql } from "drizzle-orm";
import { z } from "zod";
import type { Executor } from "@/core/context";
import type { Partition, Sequence } from "./manifest";

/** What is asked of the database itself, so that a table that comes later is backed up without a word here. */
const SCHEMA = "logs";

/** The type of transaction numbers, which are those of one cluster. */
const TRANSACTION = sql.raw("'xid8'::regtype");

export type Table = {
  schema: string;
  name: string;
  /** In their order, without those that are generated. */
  columns: string[];
  /** Of these, those that hold numbers of transactions. They mean nothing elsewhere, and are left empty. */
  transactionColumns: string[];
  /** It has no rows that mean something elsewhere, because each must have the number of a transaction. */
  isBound: boolean;
};

const tableSchema = z.object({
  schema: z.string(),
  name: z.string(),
  columns: z.array(z.string()),
  transactionColumns: z.array(z.string()),
  isBound: z.boolean(),
});

/** Every table, partitions with the one that they are of, by name. */
export async function listTables(db: Executor): Promise<Table[]> {
  const { rows } = await db.execute(sql`
    select nspname as schema, relname as name,
      array_agg(attname::text order by attnum) filter (where attgenerated = '') as columns,
      coalesce(array_agg(attname::text) filter (where atttypid = ${TRANSACTION}), '{}') as "transactionColumns",
      bool_or(atttypid = ${TRANSACTION} and attnotnull) as "isBound"
    from pg_class join pg_namespace on pg_namespace.oid = relnamespace
      join pg_attribute on attrelid = pg_class.oid and attnum > 0 and not attisdropped
    where nspname = ${SCHEMA} and relkind in ('r', 'p') and not relispartition
    group by pg_class.oid, nspname, relname order by relname`);
  return z.array(tableSchema).parse(rows);
}

const partitionSchema = z.object({
  schema: z.string(),
  name: z.string(),
  parent: z.string(),
  bound: z.string(),
  partitionedBy: z.string().nullable(),
});

/** Parents before their parts. */
export async function listPartitions(db: Executor): Promise<Partition[]> {
  const { rows } = await db.execute(sql`
    select nspname as schema, child.relname as name, parent.relname as parent, tree.level,
      pg_get_expr(child.relpartbound, child.oid) as bound,
      case when child.relkind = 'p' then pg_get_partkeydef(child.oid) end as "partitionedBy"
    from pg_class root join pg_namespace on pg_namespace.oid = root.relnamespace
      cross join lateral pg_partition_tree(root.oid) tree
      join pg_class child on child.oid = tree.relid join pg_class parent on parent.oid = tree.parentrelid
    where nspname = ${SCHEMA} and root.relkind = 'p' and not root.relispartition
    order by tree.level, child.relname`);
  return z.array(partitionSchema).parse(rows);
}

/** They never go back, so those that are read after the rows are beyond every row. */
export async function listSequences(db: Executor): Promise<Sequence[]> {
  const { rows } = await db.execute(sql`
    select nspname as schema, relname as name from pg_class join pg_namespace on pg_namespace.oid = relnamespace
    where nspname = ${SCHEMA} and relkind = 'S' order by relname`);
  const sequences: Sequence[] = [];
  for (const { schema, name } of z.array(z.object({ schema: z.string(), name: z.string() })).parse(rows)) {
    const read = await db.execute(sql`
      select last_value::text as "lastValue", is_called as "isCalled" from ${sql.identifier(schema)}.${sql.identifier(name)}`);
    const [state] = z.tuple([z.object({ lastValue: z.string(), isCalled: z.boolean() })]).parse(read.rows);
    sequences.push({ schema, name, ...state });
  }
  return sequences;
}

const foreignKeySchema = z.object({ schema: z.string(), table: z.string(), name: z.string(), definition: z.string() });

/** What rows of a table must find in another one: `definition` as `alter table ... add constraint` takes it. */
export async function listForeignKeys(db: Executor): Promise<z.infer<typeof foreignKeySchema>[]> {
  const { rows } = await db.execute(sql`
    select nspname as schema, relname as table, conname as name, pg_get_constraintdef(pg_constraint.oid) as definition
    from pg_constraint join pg_class on pg_class.oid = conrelid join pg_namespace on pg_namespace.oid = relnamespace
    where nspname = ${SCHEMA} and contype = 'f' and conparentid = 0 order by relname, conname`);
  return z.array(foreignKeySchema).parse(rows);
}
