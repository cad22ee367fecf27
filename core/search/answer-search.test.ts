import { beforeAll, expect, test } from "vitest";
import { addMs, DAY_MS, HOUR_MS } from "@/core/clock";
import { LIMITS } from "@/core/limits";
import { isoOfMicros } from "@/core/micros";
import { RetentionPlan } from "@/core/retention/retention-plan";
import { ingestOf, RETENTION_DAYS, sendEntries, testDatabase } from "@/core/testing/test-database";
import { Turns } from "@/core/turns";
import { answerSearch } from "./answer-search";
import { type AskedSearch, explainNothing } from "./explain-nothing";
import { normaliseQuery } from "./query/normalise-query";
import { parseQuery } from "./query/parse";
import { readQuery } from "./query/read-query";

const NOW = new Date("2026-03-10T12:00:00Z");
const context = testDatabase(NOW.toISOString());
const kept = { from: addMs(NOW, -RETENTION_DAYS * DAY_MS), to: addMs(NOW, DAY_MS) };

const at = (hoursAgo: number) => isoOfMicros(addMs(NOW, -hoursAgo * HOUR_MS).getTime() * 1_000);
const ENTRIES = [
  {
    service: "pay",
    level: "error",
    message: "card declined by issuer",
    timestamp: at(0.1),
    attributes: { order: 991 },
  },
  { service: "pay", level: "info", message: "connected to localhost:8080", timestamp: at(0.2), attributes: {} },
  { service: "shop", level: "warning", message: "basket is empty", timestamp: at(0.3), attributes: { order: 7 } },
  { service: "shop", level: "error", message: "payment timed out", timestamp: at(30), attributes: {} },
  { service: "shop", level: "error", message: "payment timed out", timestamp: at(50), attributes: {} },
  { service: "pay", level: "info", message: "from tomorrow", timestamp: at(-5), attributes: {} },
];

beforeAll(() => sendEntries(ingestOf(context), ENTRIES));

/** Of the last hour, as a request asks. */
function searchOf(q: string, { service, condition }: { service?: string; condition?: string } = {}) {
  const asked = readQuery(q, { nowMs: NOW.getTime(), retention: new RetentionPlan(RETENTION_DAYS), masker: null });
  const narrow: AskedSearch["narrow"] = (tree) =>
    condition ? normaliseQuery({ kind: "and", children: [tree, parseQuery(condition)] }) : tree;
  const conditions = [...(service ? [`service:${service}`] : []), ...(condition ? [condition] : [])];
  const range = { from: addMs(NOW, -HOUR_MS), to: NOW };
  return { query: narrow(asked.tree), service, ...range, asked, narrow, conditions, kept, limit: 10 };
}

const answer = (q: string, narrowed: Parameters<typeof searchOf>[1] = {}, explains = true) =>
  answerSearch(context, searchOf(q, narrowed), explains);

const nothing = async (...asked: Parameters<typeof answer>) => (await answer(...asked)).nothing_found;

test("given a search that finds something, or nobody who asks why, then nothing is explained", async () => {
  const found = await answer("declined");
  expect(found).toMatchObject({ query: "declined", readings: [], nothing_found: null });
  expect(found.entries.map(({ message }) => message)).toEqual(["card declined by issuer"]);
  expect(await nothing("nowhere", {}, false)).toBeNull();
});

test("given a part that matches nothing by itself, then it is named, and the rest offered", async () => {
  expect(await nothing("card declned level:error")).toEqual({
    parts: [
      { text: "card", finds: true },
      { text: "declned", finds: false },
      { text: "level:error", finds: true },
    ],
    instead: [{ taken_as: "without declned", query: "card level:error" }],
    newest_before: null,
    newest_after: null,
    is_complete: true,
  });
});

test("given parts that each match something, but never the same entry, then each is offered to be left out", async () => {
  expect(await nothing('"card declined" service:shop order:991')).toMatchObject({
    parts: [{ finds: true }, { finds: true }, { finds: true }],
    instead: [{ taken_as: "without service:shop", query: '"card declined" order:991' }],
  });
});

test("given alternatives and what must not be, then each is looked at", async () => {
  expect(await nothing("nowhere card OR never")).toMatchObject({
    parts: [
      { text: "nowhere", finds: false },
      { text: "card", finds: true },
      { text: "never", finds: false },
    ],
    instead: [],
  });
  expect(await nothing("(card NOT declined)")).toMatchObject({
    parts: [
      { text: "card", finds: true },
      { text: "NOT declined", finds: true },
    ],
    instead: [{ query: "NOT declined" }, { query: "card" }],
  });
});

test("given what parameters narrow to, then they are parts too, and what is offered stays within them", async () => {
  expect(await nothing("card nowhere", { service: "gone" })).toMatchObject({
    parts: [
      { text: "service:gone", finds: false },
      { text: "card", finds: true },
      { text: "nowhere", finds: false },
    ],
    instead: [],
  });
  expect(await nothing("card nowhere", { service: "pay", condition: "level:error" })).toMatchObject({
    parts: [{ finds: true }, { text: "level:error", finds: true }, { finds: true }, { finds: false }],
    instead: [{ query: "card" }],
  });
});

test("given a word that was taken for the other thing, then what finds something is offered", async () => {
  expect(await answer("localhost:8080")).toMatchObject({
    readings: [{ text: "localhost:8080", attribute: "localhost", instead: [{ query: '"localhost:8080"' }] }],
    nothing_found: { instead: [{ taken_as: "text", query: '"localhost:8080"' }] },
  });
  expect(await nothing('order:"992"')).toMatchObject({ instead: [] });
});

test("given a line of which every word names an attribute, then it is a query, and is offered as text when that finds nothing", async () => {
  const line = "lr:00004ed0 cr:28244842 xer:20000002 ctr:00086000";
  await sendEntries(ingestOf(context), [{ service: "core", level: "info", message: line, timestamp: at(0.4) }]);
  expect(await answer(line)).toMatchObject({
    query: line,
    entries: [],
    nothing_found: { instead: [{ taken_as: "text", query: `"${line}"` }] },
  });
  expect((await answer(`"${line}"`)).entries.map(({ message }) => message)).toEqual([line]);
});

test("given a phrase, then its words are looked at, and offered in any order", async () => {
  expect(await nothing('"declined: the card -5"')).toMatchObject({
    parts: [
      { text: '"declined:"', finds: false },
      { text: "the", finds: false },
      { text: "card", finds: true },
      { text: '"-5"', finds: false },
    ],
    instead: [{ query: "card" }],
  });
  expect(await nothing('"declined card"')).toMatchObject({
    parts: [{ finds: true }, { finds: true }],
    instead: [{ taken_as: "its words, in any order", query: "declined card" }, expect.anything(), expect.anything()],
  });
});

test("given entries in another time only, then the newest before and after are told", async () => {
  expect(await nothing('"payment timed out"')).toMatchObject({ newest_before: at(30), newest_after: null });
  expect(await nothing("tomorrow")).toMatchObject({ newest_before: null, newest_after: at(-5) });
  expect(await nothing("timed", { service: "pay" })).toMatchObject({ newest_before: null, newest_after: null });
});

test("given a line of JSON of which a member was stored otherwise, then the others are offered", async () => {
  const line = '{"service":"pay","level":"error","msg":"card declined by issuer","order":991,"host":"h9"}';
  expect(await answer(line)).toMatchObject({
    query: '"card declined by issuer" level:error service:pay order:991 host:h9',
    entries: [],
    nothing_found: {
      instead: [{ taken_as: "without host:h9", query: '"card declined by issuer" level:error service:pay order:991' }],
    },
  });
});

test("given a query that is too long in quotes, then that one is not looked for", async () => {
  const long = `"${"\\\\".repeat(4_900)}" card nowhere`;
  expect(await nothing(long)).toMatchObject({
    parts: [{ finds: false }, { text: "card", finds: true }, { text: "nowhere", finds: false }],
    instead: [{ query: "card" }],
    is_complete: true,
  });
});

test("given a query of many parts, then two of them are looked for at once", async () => {
  // Who came third while two wait would be refused.
  const quick = new Turns(1, { most: 2, what: "searches" });
  const release = await quick.take();
  const q = "card nowhere a b c d e f";
  const explaining = explainNothing({ ...context, turns: { ...context.turns, quick } }, searchOf(`(${q})`));
  await expect.poll(() => quick.waiting).toBe(2);
  release();
  const { parts, is_complete } = await explaining;
  expect(parts.map(({ text }) => text)).toEqual(q.split(" "));
  expect(is_complete).toBe(true);
});

test("given a search that was done, when too many wait for it to be explained, then it is answered without", async () => {
  let searches = 0;
  const busy = { ...context.turns, quick: new Turns(1, { most: 0, what: "searches" }) };
  const later = {
    ...context,
    get turns() {
      return searches++ === 0 ? context.turns : busy;
    },
  };
  expect(await answerSearch(later, searchOf("card nowhere"), true)).toMatchObject({
    entries: [],
    timed_out: false,
    nothing_found: null,
  });
});

test("given no time to look further, then it says what it doesn't know", async () => {
  let calls = 0;
  const late = { ...context, clock: { now: () => addMs(NOW, calls++ * LIMITS.explainMs) } };
  const asked = readQuery("card nowhere", {
    nowMs: NOW.getTime(),
    retention: new RetentionPlan(RETENTION_DAYS),
    masker: null,
  });
  const range = { from: addMs(NOW, -HOUR_MS), to: NOW };
  expect(
    await explainNothing(late, { query: asked.tree, ...range, asked, narrow: (tree) => tree, conditions: [], kept }),
  ).toEqual({
    parts: [
      { text: "card", finds: null },
      { text: "nowhere", finds: null },
    ],
    instead: [],
    newest_before: null,
    newest_after: null,
    is_complete: false,
  });
});
