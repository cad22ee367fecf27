import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isFault } from "@/core/errors";
import { parseQuery } from "@/core/search/query/parse";
import { findPipe, requirePipe } from "./find-pipe";
import { parsePipes } from "./parse-pipes";
import type { Pipeline } from "./pipe-tree";

const parse = (q: string): Pipeline => parsePipes(q, requirePipe(q));

/** So many names, with the same before each. */
const named = (number: number, before = "") => Array.from({ length: number }, (_, n) => `${before}n${n}`).join(", ");

const attribute = (...path: string[]) => ({ name: "attribute", path }) as const;

describe("where a query ends", () => {
  test.each([
    ["level:error | stats count()", 12],
    ["| stats count()", 0],
    ["(a OR b)| top 3 by (service)", 8],
    ['"x | stats count()" | stats count()', 20],
    ["a b |stats count() | sort by x", 4],
    ['/took "\\d+/ | stats count()', 12],
    ['-message:/say "no/ | stats count()', 19],
    ['(path:/"/) | stats count()', 11],
    ['/a "b/c d" | stats count()', 11],
    ['/[/"]/ | stats count()', 7],
    ["path:/health | stats count() as h | math h / 2 as half", 13],
    ['a/"b | stats" /c | stats count()', 17],
  ])("given %s, then its first pipe is at %i", (q, place) => {
    expect(findPipe(q)).toBe(place);
  });

  test("given anything that is searched for, then its first pipe is behind it", () => {
    const part = fc.constantFrom(
      ...["a", "(b c)", "a/b", "/api/v1", "https://h/p", "-x", 'm:/"/', '/took "\\d+/', '-/"x/', "/a|b/", "OR c"],
      ...['"x | stats y"', '"it\\"s"', 'm:"/"', '\\"', "| b", "a|stats", "/[|]/"],
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 6 }), (parts) => {
        const query = ["a", ...parts].join(" ");
        parseQuery(query);
        expect([query, findPipe(`${query} | stats count()`)]).toEqual([query, query.length + 1]);
        expect(findPipe(query)).toBeNull();
      }),
      { numRuns: 1_000 },
    );
  });

  test("given a text that is too long for a query, then that is told, and nothing is looked for in it", () => {
    const long = `${"/[ ".repeat(400_000)}| stats count()`;
    expect(findPipe(long)).toBeNull();
    expect(() => requirePipe(long)).toThrow("more than 10240 bytes");
  });

  test.each(["a | b", "a|stats", "x || y", "| statsd up", '"a | stats count()"', "\\| stats x", "| stats:5", ""])(
    "given %s, then it has none: a line may have one in it",
    (q) => {
      expect(findPipe(q)).toBeNull();
    },
  );
});

test("given every function, key and name, then each is read as it is meant", () => {
  const { stats, after } = parse(
    'x | stats count() as n, COUNT(user.id), count_distinct("a b"), sum(bytes), avg(bytes), min(bytes), max(bytes), median(d), p95(d), p99.9(d), quantile(0.5, d) as half, first(message), last(timestamp), rate(), rate(bytes) if (level>=error "a) b") as "error bytes" by (service, Http.Status, time(1h30m), hour, weekday, "odd name")',
  );
  expect(stats.measures).toEqual([
    { name: "n", call: { kind: "count", field: null }, condition: null },
    { name: "count(user.id)", call: { kind: "count", field: attribute("user", "id") }, condition: null },
    { name: "count_distinct(a b)", call: { kind: "count_distinct", field: attribute("a b") }, condition: null },
    ...(["sum", "avg", "min", "max"] as const).map((kind) => ({
      name: `${kind}(bytes)`,
      call: { kind, field: attribute("bytes") },
      condition: null,
    })),
    { name: "median(d)", call: { kind: "quantile", share: 0.5, field: attribute("d") }, condition: null },
    { name: "p95(d)", call: { kind: "quantile", share: 0.95, field: attribute("d") }, condition: null },
    { name: "p99.9(d)", call: { kind: "quantile", share: 0.999, field: attribute("d") }, condition: null },
    { name: "half", call: { kind: "quantile", share: 0.5, field: attribute("d") }, condition: null },
    { name: "first(message)", call: { kind: "first", field: { name: "message" } }, condition: null },
    { name: "last(timestamp)", call: { kind: "last", field: { name: "timestamp" } }, condition: null },
    { name: "rate()", call: { kind: "rate", field: null }, condition: null },
    {
      name: "error bytes",
      call: { kind: "rate", field: attribute("bytes") },
      condition: parseQuery('level>=error "a) b"'),
      conditionText: 'level>=error "a) b"',
    },
  ]);
  expect(stats.by).toEqual([
    { name: "service", of: { kind: "field", field: { name: "service" } } },
    { name: "Http.Status", of: { kind: "field", field: attribute("http", "status") } },
    { name: "time", of: { kind: "time", stepMs: 5_400_000 } },
    { name: "hour", of: { kind: "hour" } },
    { name: "weekday", of: { kind: "weekday" } },
    { name: "odd name", of: { kind: "field", field: attribute("odd name") } },
  ]);
  expect(after).toEqual([]);
});

test("given what comes after the groups, then and binds closer than or, * and / closer than + and -", () => {
  const { after } = parse(
    '| stats count() as total, count() if (level>=error) as errors by (service) | math errors / total * 100 - -1 as percent | where not percent > 5 and service != "a" or (total = 1) | sort by percent desc, service | limit 5 | fields service, percent',
  );
  const column = (name: string) => ({ kind: "column", name }) as const;
  const number = (value: number) => ({ kind: "number", value }) as const;
  expect(after).toEqual([
    {
      kind: "math",
      name: "percent",
      expression: {
        kind: "-",
        left: {
          kind: "*",
          left: { kind: "/", left: column("errors"), right: column("total") },
          right: number(100),
        },
        right: { kind: "negative", of: number(1) },
      },
    },
    {
      kind: "where",
      condition: {
        kind: "or",
        children: [
          {
            kind: "and",
            children: [
              {
                kind: "not",
                child: { kind: "compare", comparison: ">", left: column("percent"), right: number(5) },
              },
              { kind: "compare", comparison: "!=", left: column("service"), right: { kind: "text", value: "a" } },
            ],
          },
          { kind: "compare", comparison: "=", left: column("total"), right: number(1) },
        ],
      },
    },
    {
      kind: "sort",
      by: [
        { column: "percent", isDescending: true },
        { column: "service", isDescending: false },
      ],
    },
    { kind: "limit", count: 5 },
    { kind: "fields", columns: ["service", "percent"] },
  ]);
});

test("given the short forms, then they are what they stand for", () => {
  expect(parse("| top 3 by (service, http.route)")).toEqual(
    parse("| stats count() as count by (service, http.route) | sort by count desc | limit 3"),
  );
  expect(parse("| timeseries")).toEqual(parse("| stats count() by (time)"));
  expect(parse("| timeseries by (level)")).toEqual(parse("| stats count() by (time, level)"));
  expect(parse("| timeseries p95(d) as slow by (service) | limit 9")).toEqual(
    parse("| stats p95(d) as slow by (time, service) | limit 9"),
  );
});

test("given a column without a name, then it goes by its call", () => {
  expect(parse("| stats count(), p95(d) by (service) | where count() > 1 and p95( d )*2 < 9 | sort by p95(d)")).toEqual(
    parse('| stats count(), p95(d) by (service) | where "count()" > 1 and "p95(d)" * 2 < 9 | sort by "p95(d)"'),
  );
  expect(() => parse("| stats count() as n | sort by count()")).toThrow(/no column count\(\): there are n/);
});

describe("what is wrong is told with its place", () => {
  test.each([
    ["| stats", 7, "a function"],
    ["| stats nothing(x)", 9, "nothing is no function: they are count"],
    ["| stats count", 9, "( is missing after count"],
    ["| stats sum()", 13, "a field is missing"],
    ["| stats count() by service", 20, "( is missing"],
    ["| stats count() by (time(5x))", 21, "time needs a length such as 30s"],
    ["| stats p100(x)", 9, "p100 is no function"],
    ["| stats quantile(2, x)", 18, "a share from 0 to 1"],
    ["| stats count(), count()", 9, "two columns are called count()"],
    ["x | stats count() if (level:none) as n", 23, "none is no level"],
    ["| stats count() if (a", 20, "a ( is not closed"],
    ["| stats count() | where n > 1", 25, "there is no column n: there are count()"],
    ["| stats count() | where count()", 31, "one of >= <= != > < = is missing"],
    ["| stats count() | math count() +", 32, "a number or a column is missing"],
    ["| stats count() | math count() as service by (x)", 43, "| is missing"],
    ["| stats count() | limit 0", 25, "a number from 1 to 10000"],
    ["| stats count() | explode", 19, "where, math, sort, limit, fields is missing"],
    ["| where x > 1", 3, "stats, top or timeseries is missing"],
    ['| stats count() as "n', 20, 'a " is not closed'],
    [`| stats count() as n | where ${"(".repeat(60)}n > 1${")".repeat(60)}`, 81, "nested deeper"],
    [`| stats count() as n ${"| limit 1 ".repeat(21)}`, undefined, "more than 20 pipes"],
    [`| stats ${named(51, "count() as ")}`, 9, "more than 50 columns"],
    [`| top 3 by (${named(50)})`, 9, "more than 50 columns"],
    [`| stats ${named(50, "count() as ")} | math 1 as m | fields ${named(50)}, m`, 821, "more than 50 columns"],
    ["| stats count() as n by (s) | sort by n desc, s, n", 50, "n is named twice"],
    ["| stats count() as n by (s) | fields s, n, s", 44, "s is named twice"],
    [`| stats count() as n | math n${"+1".repeat(500)}-n`, 1031, "more than 500 operators"],
    [
      `| stats count() as n ${`| math n${"*n".repeat(260)} as m `}| where m/1>2${"/1".repeat(240)}`,
      1046,
      "more than 500 operators",
    ],
    [`| stats count() as n | where ${"not n>1 or ".repeat(170)}n = 1`, 1867, "more than 500 operators"],
    [`${"x".repeat(5_000)} | stats count() as "${"n".repeat(5_219)}"`, 1, "more than 10240 bytes"],
  ])("given %s, then at character %s", (q, character, problem) => {
    const fault = (() => {
      try {
        return parse(q);
      } catch (error) {
        return error;
      }
    })();
    if (!isFault(fault)) throw new Error(`${q} was taken`);
    expect(fault.kind).toBe("invalid");
    expect(fault.message).toContain(problem);
    if (character !== undefined) expect(fault.message).toContain(`at character ${character} of`);
  });
});

test("given as much as may be, then it is taken", () => {
  const calculated = parse(
    `| stats count() as n | math n${"+1".repeat(400)} as m | where m > 1${" and m < 9".repeat(49)}`,
  );
  expect(calculated.after).toHaveLength(2);
  const all = parse(`| stats ${named(50, "count() as ")} | sort by ${named(50)} | fields ${named(50)}`);
  expect(all.after.map((pipe) => (pipe.kind === "sort" ? pipe.by.length : 0))).toEqual([50, 0]);
  const long = `${"x".repeat(5_000)} | stats count() as "${"n".repeat(5_218)}"`;
  expect(long).toHaveLength(10 * 1024);
  expect(parse(long).stats.measures).toHaveLength(1);
});

test.each([
  "/[)]/",
  "/a(b)c/",
  "/a\\(b/",
  '/a\\)b"/ OR message:/(x|y) "z/ -level:info',
  "init() (a OR b) sshd(pam_unix)[7]:",
  '"a) b" (c)',
])("given the condition %s of a measure, then it ends where the query language says", (condition) => {
  const { stats } = parse(`| stats count() if (${condition}) as n, sum(d) if (x) by (service)`);
  expect(stats.measures[0]).toMatchObject({
    name: "n",
    condition: parseQuery(condition),
    conditionText: condition,
  });
  expect(stats.measures[1]?.condition).toEqual(parseQuery("x"));
});

test.each([
  ["path:/health", "as h, count() as n | math h / n as share"],
  ["GET /api", "as h, count() as n | math (h / n) as share"],
  ["path:/health OR (a /b)", "as h, count() as n | where (h / n) > 0.5"],
  ['-path:/f(x)/y "a) b"', "as h, count() as n | math 1 / (h / n) as share"],
])(
  "given a path in the condition %s, when something is divided later, then it is no regex up to there",
  (condition, rest) => {
    const { stats, after } = parse(`* | stats count() if (${condition}) ${rest}`);
    expect(stats.measures[0]?.condition).toEqual(parseQuery(condition));
    expect(stats.measures.map(({ name }) => name)).toEqual(["h", "n"]);
    expect(after).toEqual(parse(`* | stats count() if (x) ${rest}`).after);
  },
);
