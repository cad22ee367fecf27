import { sql } from "drizzle-orm";
import fc from "fast-check";
import { beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { addMs, MINUTE_MS } from "@/core/clock";
import { rowsReadBy } from "@/core/testing/rows-read";
import { testDatabase } from "@/core/testing/test-database";
import { lockIncidents } from "./lock-incidents";
import { nearIncidents } from "./near-incidents";
import { trackIncidents } from "./track-incidents";

const NOW = new Date("2026-03-10T12:00:00Z");
const context = testDatabase(NOW.toISOString());
const at = (minute: number) => addMs(NOW, minute * MINUTE_MS);
/** What holds for a service without a configuration, in minutes. */
const REACH = 5;

beforeEach(async () => {
  await context.db.execute(sql`truncate logs.alert_configs, logs.alert_incidents cascade`);
});

const KINDS = ["error", "warning", "pattern"] as const;
type Span = { service: string; kind: (typeof KINDS)[number]; pattern: string | null; earliest: Date; latest: Date };
type Given = Omit<Span, "earliest" | "latest"> & { first: number; last: number; open: boolean };

/** @returns the ids, in the order given; of several open ones of a subject only the first is stored, as there can't be more */
async function store(given: readonly Given[]): Promise<{ id: number; incident: Given }[]> {
  const stored: { id: number; incident: Given }[] = [];
  for (const incident of given) {
    const { service, kind, pattern, first, last, open } = incident;
    const { rows } = await context.db.execute(sql`
      insert into logs.alert_incidents (service, kind, pattern, first_at, last_at, opened_at, resolved_at)
      values (${service}, ${kind}, ${pattern}::bigint, ${at(first)}, ${at(last)}, ${at(last)}, ${open ? null : at(last)}::timestamptz)
      on conflict do nothing returning id`);
    for (const { id } of z.array(z.object({ id: z.coerce.number() })).parse(rows)) stored.push({ id, incident });
  }
  return stored;
}

const subject = fc.record({
  service: fc.constantFrom("shop", "pay"),
  kind: fc.constantFrom(...KINDS),
  pattern: fc.constantFrom("7", "8"),
});
const minute = fc.integer({ min: -40, max: 0 });
const length = fc.integer({ min: 0, max: 12 });

test("given random incidents and spans, then those that are open or near are found and locked, as a plain comparison says, and no others", async () => {
  const incident = fc.record({ subject, first: minute, length, open: fc.boolean() }).map(
    ({ subject: { pattern, ...of }, first, length, open }): Given => ({
      ...of,
      pattern: of.kind === "pattern" ? pattern : null,
      first,
      last: first + length,
      open,
    }),
  );
  const span = fc.record({ subject, first: minute, length }).map(
    ({ subject: { pattern, ...of }, first, length }): Span => ({
      ...of,
      pattern: of.kind === "pattern" ? pattern : null,
      earliest: at(first),
      latest: at(first + length),
    }),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(incident, { maxLength: 12 }),
      fc.array(span, { minLength: 1, maxLength: 3 }),
      async (given, spans) => {
        await context.db.execute(sql`truncate logs.alert_incidents cascade`);
        const stored = await store(given);
        const isNear = ({ earliest, latest, ...of }: Span, { first, last, open, ...other }: Given) =>
          of.service === other.service &&
          of.kind === other.kind &&
          of.pattern === other.pattern &&
          (open || (at(last) >= addMs(earliest, -REACH * MINUTE_MS) && at(first) <= addMs(latest, REACH * MINUTE_MS)));
        for (const one of spans) {
          const found = await context.db.execute(sql`
            select id from ${nearIncidents({
              service: sql`${one.service}`,
              kind: sql`${one.kind}`,
              pattern: sql`${one.pattern}::bigint`,
              from: sql`${addMs(one.earliest, -REACH * MINUTE_MS)}::timestamptz`,
              to: sql`${addMs(one.latest, REACH * MINUTE_MS)}::timestamptz`,
            })} as near order by id`);
          expect(found.rows.map(({ id }) => Number(id))).toEqual(
            stored.filter(({ incident }) => isNear(one, incident)).map(({ id }) => id),
          );
        }
        await context.db.transaction(async (transaction) => {
          await lockIncidents(transaction, spans);
          const free = await context.db.execute(sql`select id from logs.alert_incidents for update skip locked`);
          const locked = stored.filter(({ incident }) => spans.some((one) => isNear(one, incident)));
          expect(free.rows.map(({ id }) => Number(id)).toSorted((one, other) => one - other)).toEqual(
            stored.filter((one) => !locked.includes(one)).map(({ id }) => id),
          );
        });
      },
    ),
    { numRuns: 60 },
  );
});

test("given a service that has flapped for months, when it crosses again, then only what is open or near is read", async () => {
  await context.db.execute(sql`
    insert into logs.alert_incidents (service, kind, first_at, last_at, opened_at, resolved_at)
    select service, 'error', minute, minute, minute, case when minute < ${at(-30)}::timestamptz then minute end
    from generate_series(${at(-30 * 5_000)}::timestamptz, ${NOW}::timestamptz - interval '1 minute', interval '30 minutes') as minute,
      unnest(array['shop', 'pay']) as service`);
  await context.db.execute(sql`analyze logs.alert_incidents`);
  const violation = { service: "shop", kind: "error", pattern: null, timestamp: NOW } as const;
  const span = { ...violation, earliest: NOW, latest: NOW };
  expect(
    await rowsReadBy(context.db, "alert_incidents", (transaction) => lockIncidents(transaction, [span])),
  ).toBeLessThan(10);
  expect(
    await rowsReadBy(context.db, "alert_incidents", (transaction) => trackIncidents(transaction, [violation], NOW)),
  ).toBeLessThan(30);
});
