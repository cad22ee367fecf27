import { type SQL, sql } from "drizzle-orm";

/** Times, as Date or in ms since 1970, as one parameter of a statement: an array of timestamptz. */
export const moments = (times: readonly (Date | number)[]): SQL =>
  sql`${sql.param(times.map((time) => new Date(time).toISOString()))}::timestamptz[]`;
