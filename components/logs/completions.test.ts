import { expect, test } from "vitest";
import { completions, pipeCompletions } from "./completions";

const attribute = (name: string) => ({
  name,
  entries: 1,
  different: null,
  has_longer: false,
  values: [],
  numbers: null,
});
const ATTRIBUTES = ["http.status", "RequestPath", "user agent", "time taken", 'a "b"'].map(attribute);

/** What is offered for the last word. */
const offered = (text: string, before = text.replace(/[^\s(),|"]*$/, "")) =>
  pipeCompletions(text, ATTRIBUTES)?.map((whole) => {
    expect(whole.startsWith(before)).toBe(true);
    return whole.slice(before.length);
  });

test("given a query of lines, then there is nothing of pipes; behind a | there are the words that begin one", () => {
  expect(offered("level:er")).toBeUndefined();
  expect(offered("level:error | st")).toEqual(["stats "]);
  expect(offered("level:error | S")).toEqual(["stats ", "sort by "]);
  expect(offered("|")).toHaveLength(8);
  expect(offered("| stats count() ")).toEqual([]);
});

test("given attributes, then they are found by letters of any case, and are in quotes where they need them", () => {
  expect(offered("| stats count() by (req")).toEqual(["RequestPath"]);
  expect(offered("| stats count() by (REQ")).toEqual(["RequestPath"]);
  expect(offered("| stats count() by (HTTP")).toEqual(["http.status"]);
  expect(offered("| stats count() by (use")).toEqual(['"user agent"']);
  expect(offered('| stats count() by ("user a', "| stats count() by (")).toEqual(['"user agent"']);
  expect(offered('| stats count() by ("a \\"', "| stats count() by (")).toEqual(['"a \\"b\\""']);
  expect(offered("| stats count() by (ti")).toEqual(["time(5m)", '"time taken"']);
  // What is there already is no completion.
  expect(offered("| stats count() by (RequestPath")).toEqual([]);
});

test("given words of the language, then all of them are offered", () => {
  for (const word of [
    ...["count()", "quantile(", "p50(", "p90(", "p99(", "rate(", "as ", "pattern", "tag"],
    ...["asc", "desc", "and ", "or ", "not "],
  ]) {
    expect([word, offered(`| stats count() by (service) | sort ${word.slice(0, 2)}`)]).toEqual([
      word,
      expect.arrayContaining([word]),
    ]);
  }
});

test("given names behind as, then later parts have them first, and who names one is told nothing", () => {
  const stats = '| stats count() as total, p95(d) as "p of 95", sum(b) if (x) as Traffic by (service) |';
  expect(offered(`${stats} where t`)).toEqual(["total", "Traffic", "time(5m)", "tag", '"time taken"']);
  expect(offered(`${stats} math p`)?.[0]).toBe('"p of 95"');
  expect(offered(`${stats} where total > 1 | math "p`, `${stats} where total > 1 | math `)).toEqual(['"p of 95"']);
  expect(offered("| stats count() if (status>=500) as 5xx | where 5")).toEqual(['"5xx"']);
  expect(offered("| stats count() as co")).toEqual([]);
});

test("given a query of lines, then its words are completed as before", () => {
  expect(completions("lev", [], [])).toEqual(["level:", "level>="]);
  expect(completions("x | stats p9", [], [])).toEqual(["x | stats p90(", "x | stats p95(", "x | stats p99("]);
});

test("given the query of a measure behind if, then it is completed as a query of lines is", () => {
  const before = "x | stats count() if (";
  expect(completions(`${before}lev`, [], ATTRIBUTES)).toEqual([`${before}level:`, `${before}level>=`]);
  expect(completions(`${before}use`, [], ATTRIBUTES)).toEqual([`${before}user\\ agent:`]);
  expect(completions(`${before}level:er`, [], ATTRIBUTES)).toEqual([`${before}level:error`]);
  expect(completions(`${before}x) by (use`, [], ATTRIBUTES)).toEqual([`${before}x) by ("user agent"`]);
});
