import { type SQL, sql } from "drizzle-orm";
import { cutoffOf, type RetentionPlan } from "./retention-plan";

/** Before when an entry or a count of `service` and `level` is past the retention of entries, as SQL. */
export const cutoffOfEntry = (plan: RetentionPlan, now: Date): SQL =>
  byRule(plan, (days) => sql`${cutoffOf(now, days)}::timestamptz`);

/** For how many days an entry of `service` and `level` is kept, as SQL. */
export const daysOfEntry = (plan: RetentionPlan): SQL => byRule(plan, (days) => sql`${days}::int`);

function byRule({ rules, days }: RetentionPlan, sqlOf: (days: number) => SQL): SQL {
  const otherwise = sqlOf(days);
  if (rules.length === 0) return otherwise;
  const whens = rules.map(
    ({ service, level, days: ofRule }) => sql`
      when ${service === null ? sql`true` : sql`service = ${service}`}
        and ${level === null ? sql`true` : sql`level = ${level}::logs.level`}
      then ${sqlOf(ofRule)}`,
  );
  return sql`case ${sql.join(whens, sql` `)} else ${otherwise} end`;
}
