import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MINUTE_MS } from "@/core/clock";
import { ORDINAL_BITS } from "@/core/ingest/entry-id";
import { readRows } from "@/core/ingest/read-rows";
import { RowBlock } from "@/core/ingest/row-block";
import { LEVELS } from "@/core/levels";
import type { Commit } from "@/core/realtime/commits";
import { foldEntry, toPredicate } from "@/core/search/query/to-predicate";
import { groupingOf } from "../group-lines";
import { MinuteGrouping, type MinuteGroups } from "../minute-groups";
import { readAlertQuery } from "../read-alert-query";
import { queryAlertInputSchema } from "../schemas";
import { LineTaker, type TakingAlert } from "./line-taker";
import { WordFinder } from "./word-finder";

const START_MS = Date.parse("2026-03-10T08:00:00.000Z");
const NOW = new Date(START_MS);
const TRANSACTION = 700;

type Sent = {
  service: string;
  level: number;
  message: string;
  tags: string[] | null;
  attributes: object | null;
  ms: number;
};

const word = fc.constantFrom(
  "error",
  "Timeout",
  "time",
  "out",
  "refused",
  "50%",
  "Ünïcode",
  "K",
  "x.y",
  'q"uote',
  "404",
  "ЖЖ",
  "a\nb",
);
const scalar = fc.oneof(
  word,
  fc.integer({ min: -3, max: 600 }),
  fc.double({ min: 0, max: 9, noNaN: true }),
  fc.constant(null),
);
const value = fc.oneof({ weight: 5, arbitrary: scalar }, { weight: 1, arbitrary: fc.array(scalar, { maxLength: 3 }) });
const sent: fc.Arbitrary<Sent> = fc.record({
  service: fc.constantFrom("shop", "Pay-API", "é"),
  level: fc.nat({ max: LEVELS.length - 1 }),
  message: fc
    .array(word, { minLength: 1, maxLength: 6 })
    .chain((words) => fc.constantFrom(" ", "").map((by) => words.join(by))),
  tags: fc.option(fc.array(word, { maxLength: 2 })),
  attributes: fc.option(
    fc.record(
      { status: value, ms: value, Http: fc.record({ status: value, method: scalar }), "http.route": value },
      { requiredKeys: [] },
    ),
  ),
  ms: fc.integer({ min: -90_000, max: 90_000 }),
});

const atom = fc.constantFrom(
  "error",
  "TIMEOUT",
  "timeout",
  "refused",
  "k",
  "ünïcode",
  "жж",
  '"time out"',
  "message:time*out",
  "message:error",
  "message:*out",
  "/time ?out|refu[a-z]+d/",
  "/[0-9]{3}/",
  "/time(out|refused)+/",
  "/k?error|ж/",
  "/out *time/",
  "/x\\.y/",
  "service:shop",
  "service:pay*",
  "level>=error",
  "level:warning",
  "level<=info",
  "status:404",
  "status:error",
  "status>=100",
  "ms<9",
  "ms>=300",
  "http.status:*",
  "http.status>400",
  "http.route:x.y",
  "tags:error",
  "nothing:1",
  "*",
);
const lines = fc.letrec<{ query: string }>((tie) => ({
  query: fc.oneof(
    { maxDepth: 2 },
    atom,
    fc
      .tuple(tie("query"), fc.constantFrom(" AND ", " OR ", " "), tie("query"))
      .map(([one, by, other]) => `(${one})${by}(${other})`),
    tie("query").map((query) => `NOT (${query})`),
  ),
})).query;
const stats = fc.constantFrom(
  "count() as n",
  "count() as n by (status)",
  "count() as n by (service, level)",
  "count(ms) as n by (http.status, http.route, status)",
  "p95(ms) as n by (hour)",
  "avg(ms) as n by (tags)",
  "sum(ms) as n",
  "count_distinct(status) as n by (http.method)",
  "count_distinct(message) as n",
  "rate() if (level>=error) as n by (status)",
  "max(ms) as n",
  "min(ms) if (refused OR ms>100) as n by (service)",
  "count() as n, first(message) as m",
);

function alertOf(id: number, query: string, countedIn: string | null): TakingAlert {
  const watch = queryAlertInputSchema.parse({
    name: `alert ${id}`,
    watch: "value",
    query,
    threshold: 1,
    window_minutes: 1,
  });
  return { watch, query: readAlertQuery(watch), canonical: new Map(), id, row: { countedIn } };
}

function blockOf(all: readonly Sent[]): RowBlock {
  const block = new RowBlock();
  for (const [index, { service, level, message, tags, attributes, ms }] of all.entries()) {
    const name = Buffer.from(service);
    const text = Buffer.from(message);
    const json = Buffer.from(attributes === null ? "" : JSON.stringify(attributes));
    block.add({
      micros: (START_MS + ms) * 1_000 + 7,
      service: block.tally.serviceOf(name, 0, name.length),
      level,
      message: text,
      messageFrom: 0,
      messageEnd: text.length,
      tags: tags?.map((tag) => Buffer.from(tag)) ?? null,
      attributesSource: json,
      attributesFrom: attributes === null ? -1 : 0,
      attributesEnd: attributes === null ? -1 : json.length,
      index,
      masked: 0,
    });
  }
  block.numberRows(TRANSACTION, 0);
  return block;
}

const commits: Commit[] = [TRANSACTION, TRANSACTION + 1].map((transaction) => ({
  transaction: String(transaction),
  rows: 0,
  firstTimestamp: new Date(START_MS),
  lastTimestamp: new Date(START_MS),
}));

/** The tables of minutes, in one order. */
const tablesOf = (alert: TakingAlert | undefined, groups: MinuteGroups | undefined) =>
  [...(groups ?? [])]
    .flatMap(([minute, ofMinute]) => {
      if (!alert) return [];
      const grouping = groupingOf(alert, 1);
      grouping.merge(ofMinute);
      return grouping.table().rows.map((row) => `${minute} ${JSON.stringify(row)}`);
    })
    .sort();

/** One alert and one line after the other. */
function byThemselves(alert: TakingAlert, block: RowBlock): MinuteGroups {
  const matches = toPredicate(alert.query.query);
  const grouping = new MinuteGrouping(alert);
  for (const row of readRows(block)) if (matches(foldEntry(row))) grouping.addEntry(row);
  return grouping.taken();
}

describe("lines that are held against many alerts together", () => {
  test("given any lines and alerts, then each alert takes what it would by itself, from memory and from the database", () => {
    fc.assert(
      fc.property(
        fc.array(sent, { minLength: 1, maxLength: 40 }),
        fc.array(fc.tuple(lines, stats), { minLength: 1, maxLength: 12 }),
        (all, queries) => {
          const alerts = queries.map(([query, given], id) => alertOf(id + 1, `${query} | stats ${given}`, null));
          const block = blockOf(all);
          const [fromBytes, fromRows] = [new LineTaker(alerts, commits, NOW), new LineTaker(alerts, commits, NOW)];
          fromBytes.takeBlock(block, String(TRANSACTION));
          for (const row of readRows(block)) fromRows.takeRow(row, String(BigInt(row.id) >> BigInt(ORDINAL_BITS)));
          const taken = [fromBytes.taken(), fromRows.taken()];
          for (const alert of alerts) {
            const expected = tablesOf(alert, byThemselves(alert, block));
            for (const { taken: groups } of taken) expect(tablesOf(alert, groups.get(alert.id))).toEqual(expected);
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  test("given an alert that has counted a transaction before, then its lines are taken for the others only", () => {
    const alerts = [alertOf(1, "| stats count() as n", "701:701:"), alertOf(2, "| stats count() as n", null)];
    const taker = new LineTaker(alerts, commits, NOW);
    const line: Sent = { service: "shop", level: 1, message: "m", tags: null, attributes: null, ms: 0 };
    taker.takeBlock(blockOf([line, line]), String(TRANSACTION));
    taker.takeBlock(blockOf([line]), String(TRANSACTION + 1));
    const { taken } = taker.taken();
    expect(alerts.map((alert) => tablesOf(alert, taken.get(alert.id)))).toEqual([
      [`${START_MS} [1,1]`],
      [`${START_MS} [3,3]`],
    ]);
  });

  test("given more different values than are held at once, then none is lost", () => {
    const alert = alertOf(1, "| stats count_distinct(user) as n by (host)", null);
    const taker = new LineTaker([alert], commits, NOW);
    const all = Array.from({ length: 50_000 }, (_, user) => ({
      service: "shop",
      level: 1,
      message: "m",
      tags: null,
      attributes: { user, host: user % 2 },
      ms: 0,
    }));
    taker.takeBlock(blockOf(all), String(TRANSACTION));
    expect(tablesOf(alert, taker.taken().taken.get(1))).toEqual([
      `${START_MS} ["0",25000,25000]`,
      `${START_MS} ["1",25000,25000]`,
    ]);
  });

  test("given lines of more minutes than are held at once, each twice, then none is lost", () => {
    const alerts = [
      alertOf(1, "| stats count() as n by (status)", null),
      alertOf(2, "| stats count() as n", null),
      alertOf(3, "refused | stats count() as n", null),
    ];
    const taker = new LineTaker(alerts, commits, NOW);
    const minutes = 26_000;
    const all = Array.from({ length: 2 * minutes }, (_, index) => ({
      service: "shop",
      level: 1,
      message: index === 0 ? "refused" : "m",
      tags: null,
      attributes: { status: 200 },
      ms: (index % minutes) * MINUTE_MS,
    }));
    taker.takeBlock(blockOf(all), String(TRANSACTION));
    const { taken } = taker.taken();
    const starts = Array.from({ length: minutes }, (_, index) => START_MS + index * MINUTE_MS);
    expect(tablesOf(alerts[0], taken.get(1))).toEqual(starts.map((start) => `${start} ["200",2,2]`).sort());
    expect(tablesOf(alerts[1], taken.get(2))).toEqual(starts.map((start) => `${start} [2,2]`).sort());
    expect(tablesOf(alerts[2], taken.get(3))).toEqual([`${START_MS} [1,1]`]);
  });

  test("given a value that is too long to be remembered, then it is told apart from others like it", () => {
    const alert = alertOf(1, "stack:*second | stats count() as n by (stack)", null);
    const taker = new LineTaker([alert], commits, NOW);
    const stack = "at line ".repeat(500);
    const all = ["first", "second", "second"].map((end) => ({
      service: "shop",
      level: 4,
      message: "m",
      tags: null,
      attributes: { stack: stack + end },
      ms: 0,
    }));
    taker.takeBlock(blockOf(all), String(TRANSACTION));
    expect(tablesOf(alert, taker.taken().taken.get(1))).toEqual([`${START_MS} ["${stack}second",2,2]`]);
  });

  test("given lines of a minute that is not kept any more, then it is told which one, and nothing of them", () => {
    const [short, long] = [alertOf(1, "| stats count() as n", null), alertOf(2, "refused | stats count() as n", null)];
    const taker = new LineTaker([short, long], commits, NOW);
    const line: Sent = { service: "shop", level: 1, message: "m", tags: null, attributes: null, ms: -180 * MINUTE_MS };
    taker.takeBlock(blockOf([line, line]), String(TRANSACTION));
    const { taken } = taker.taken();
    expect([...(taken.get(1) ?? [])]).toEqual([[START_MS - 180 * MINUTE_MS, { entries: 0, leftOut: [], groups: [] }]]);
    expect(taken.get(2)?.size).toBe(0);
  });
});

test("given words and a text, then those are found that stand in it, whatever stands in what", () => {
  const letters = fc.string({ unit: fc.constantFrom("a", "b", "c", " "), minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(
      fc.uniqueArray(letters, { maxLength: 12 }),
      fc.string({ unit: fc.constantFrom("a", "B", "c", " ", "é"), maxLength: 40 }),
      (words, text) => {
        const finder = new WordFinder(words);
        const bytes = Buffer.from(`x${text}x`);
        const isPlain = finder.find(bytes, 1, bytes.length - 1);
        expect(isPlain).toBe(!text.includes("é"));
        if (isPlain)
          expect(words.filter((_, index) => finder.has(index))).toEqual(
            words.filter((one) => text.toLowerCase().includes(one)),
          );
      },
    ),
  );
});
