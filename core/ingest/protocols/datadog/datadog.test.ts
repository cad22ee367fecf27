import { expect, test } from "vitest";
import { fuzz } from "@/core/testing/fuzz";
import { readEntries } from "@/core/testing/read-entries";
import { datadogLogs } from "./datadog-logs";

/** 2026-11-26T15:00:00.123Z */
const MILLIS = 1_795_705_200_123;
const MICROS = "1795705200123000";
const NOTHING = { ddsource: "", ddtags: "", hostname: "", service: "" };

const logs = (shared: Partial<typeof NOTHING> = {}, type: "json" | "text" = "json") =>
  datadogLogs(type, { ...NOTHING, ...shared }, MILLIS);

/** As the agent sends it. */
const ofAgent = {
  message: "declined",
  status: "error",
  timestamp: MILLIS,
  hostname: "web1",
  service: "pay",
  ddsource: "nodejs",
  ddtags: "env:prod, team:shop",
};

test("given what the agent sends, then status is the level, ddtags are tags, and the rest stays", () => {
  expect(readEntries(logs(), [JSON.stringify([ofAgent, { ...ofAgent, status: "info" }])])).toMatchObject([
    {
      micros: MICROS,
      service: "pay",
      level: "error",
      message: "declined",
      tags: ["env:prod", "team:shop"],
      attributes: { hostname: "web1", ddsource: "nodejs" },
    },
    { level: "info" },
  ]);
});

test("given a message that is JSON, then its members are read before those around it", () => {
  const message = JSON.stringify({ level: "warn", msg: "slow", service: "inner", ms: 12 });

  expect(readEntries(logs(), [JSON.stringify({ ...ofAgent, message })])).toMatchObject([
    { service: "inner", level: "warning", message: "slow", attributes: { ms: 12, ddsource: "nodejs" } },
  ]);
});

test("given parameters, then they hold for what lacks them, and tags are joined", () => {
  const shared = { ddsource: "nginx", ddtags: "env:prod,a:b", hostname: "h1" };
  const body = JSON.stringify([
    { message: "one", ddtags: "env:prod,c:d" },
    { message: "two", hostname: "h2", ddsource: "redis" },
  ]);

  expect(readEntries(logs(shared), [body])).toMatchObject([
    { service: "nginx", tags: ["env:prod", "c:d", "a:b"], attributes: { hostname: "h1", ddsource: "nginx" } },
    { service: "redis", tags: ["env:prod", "a:b"], attributes: { hostname: "h2", ddsource: "redis" } },
  ]);
});

test("given several that say the service, then that of the log wins, then the tag, the parameter, the source", () => {
  const shared = { service: "parameter", ddsource: "source" };
  const serviceOf = (log: object, all: Partial<typeof NOTHING>) => readEntries(logs(all), [JSON.stringify(log)]);

  expect(serviceOf({ message: "m", service: "own", ddtags: "service:tag" }, shared)).toMatchObject([
    { service: "own" },
  ]);
  expect(serviceOf({ message: "m", ddtags: "service:tag" }, shared)).toMatchObject([{ service: "tag" }]);
  expect(serviceOf({ message: "m" }, shared)).toMatchObject([{ service: "parameter" }]);
  expect(serviceOf({ message: "m" }, { ddsource: "source" })).toMatchObject([{ service: "source" }]);
  expect(serviceOf({ message: "m" }, {})).toMatchObject([{ service: "unknown" }]);
});

test.each([
  [502, "info"],
  ["active", "info"],
  ["200", "info"],
  [3, "error"],
  ["Emergency", "fatal"],
])("given the status %s, then the level is %s, and what is no level stays an attribute", (status, level) => {
  const [entry] = readEntries(logs(), [JSON.stringify({ message: "m", status })]);

  expect(entry).toMatchObject({ level });
  if (level === "info") expect(entry).toMatchObject({ attributes: { status } });
});

test("given more tags than an entry can have, then those that fit are tags, and the text stays whole", () => {
  const ddtags = Array.from({ length: 150 }, (_, index) => `tag:${index}`).join(",");

  const [own] = readEntries(logs(), [JSON.stringify({ message: "m", ddtags })]);
  const [ofAddress] = readEntries(logs({ ddtags }), [JSON.stringify({ message: "m" })]);

  expect(own).toMatchObject({ attributes: { ddtags }, tags: expect.objectContaining({ length: 100 }) });
  expect(ofAddress).toMatchObject({ attributes: { ddtags }, tags: expect.objectContaining({ length: 100 }) });
});

test("given nothing, by which the agent asks whether somebody is there, then there is no entry", () => {
  expect(readEntries(logs(), ["{}"])).toEqual([]);
  expect(readEntries(logs(), ["[{}]"])).toEqual([]);
});

test("given lines of text, then each is an entry", () => {
  expect(
    readEntries(logs({ service: "web" }, "text"), ['ERROR boom\n{"status":"warn","message":"m"}\n']),
  ).toMatchObject([
    { level: "error", message: "ERROR boom", service: "web" },
    { level: "warning", message: "m", service: "web" },
  ]);
});

test("given logs one a line, one of which is broken, then that one is rejected alone", () => {
  expect(readEntries(logs(), ['{"message":"a"}\n{"message":\n{"message":"b"}'])).toMatchObject([
    { message: "a" },
    expect.stringContaining("not JSON"),
    { message: "b" },
  ]);
});

test.each(["json", "text"] as const)("given any bytes as %s, then they are read or refused with a reason", (type) => {
  fuzz(logs({ ddtags: "a:b", ddsource: "s" }, type), JSON.stringify([ofAgent, { message: '{"a":1}', status: 3 }]));
});
