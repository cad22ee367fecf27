import { type SQL, sql } from "drizzle-orm";
import type { PgTable } from "drizzle-orm/pg-core";
import type { Context } from "./context";
import { LIMITS } from "./limits";

/** How many rows of a table there are, up to LIMITS.countedRows: for the total of a list that may have millions. */
export const countRows = ({ db }: Pick<Context, "db">, table: PgTable, where: SQL | undefined): Promise<number> =>
  db.$count(
    db
      .select({ row: sql`1`.as("row") })
      .from(table)
      .where(where)
      .limit(LIMITS.countedRows)
      .as("counted"),
  );
