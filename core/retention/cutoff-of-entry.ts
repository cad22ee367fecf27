import { type SQL, sql } from "drizzle-orm";
import { cutoffOf, type RetentionPlan } from "./retention-plan";

/** Before when an entry or a count of `service` and `level` is past the retention of entries, as SQL. */
export function cutoffOfEntry({ rules, days }: RetentionPlan, now: Date): SQL {
  const otherwise = sql`${cutoffOf(now, days)}::timestamptz`;
  if (rules.length === 0) return otherwise;
  const whens = rules.map(
    ({ service, level, days: ofRule }) => sql`
      when ${service === null ? sql`true` : sql`service = ${service}`}
        and ${level === null ? sql`true` : sql`level = ${level}::logs.level`}
      then ${cutoffOf(now, ofRule)}::timestamptz`,
  );
  return sql`case ${sql.join(whens, sql` `)} else ${otherwise} end`;
}
