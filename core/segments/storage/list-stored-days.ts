import { sql } from "drizzle-orm";
import { z } from "zod";
import type { Context } from "@/core/context";
import { ONE_SNAPSHOT } from "@/core/snapshot";
import type { StoredDay } from "./schemas";

const sealedSchema = z.object({
  day: z.coerce.date(),
  sealed_entries: z.number(),
  segments: z.number(),
  bytes: z.number(),
  unreadable: z.number(),
});

const hotSchema = z.object({ day: z.coerce.date(), hot: z.number() });

/** The UTC days that have entries, the latest first, each with what is sealed of it. There are as many as retention keeps. */
export async function listStoredDays({ db }: Pick<Context, "db">): Promise<StoredDay[]> {
  const { hot, sealed } = await db.transaction(
    async (transaction) => ({
      hot: await transaction.execute(sql`
        select date_bin('1 day', timestamp, timestamptz 'epoch') as day, count(*)::float8 as hot from logs.logs group by 1`),
      sealed: await transaction.execute(sql`
        select date_bin('1 day', first_timestamp, timestamptz 'epoch') as day, sum(rows - hidden_rows)::float8 as sealed_entries,
          count(*)::int as segments, sum(bytes)::float8 as bytes, count(problem)::int as unreadable
        from logs.segments left join logs.segment_checks on segment = id group by 1`),
    }),
    ONE_SNAPSHOT,
  );
  const days = new Map<string, StoredDay>();
  for (const { day, ...of } of z.array(sealedSchema).parse(sealed.rows)) {
    days.set(nameOf(day), { day: nameOf(day), entries: of.sealed_entries, ...of });
  }
  for (const { day: begin, hot: more } of z.array(hotSchema).parse(hot.rows)) {
    const day = nameOf(begin);
    const known = days.get(day) ?? { day, entries: 0, sealed_entries: 0, segments: 0, bytes: 0, unreadable: 0 };
    days.set(day, { ...known, entries: known.entries + more });
  }
  return [...days.values()].sort((one, other) => (one.day < other.day ? 1 : -1));
}

const nameOf = (day: Date) => day.toISOString().slice(0, 10);
