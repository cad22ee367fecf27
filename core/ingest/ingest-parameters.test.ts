import { describe, expect, test } from "vitest";
import { LEVELS } from "@/core/levels";
import { ARRIVAL, readLine } from "@/core/testing/read-line";

const json = JSON.stringify;
const ARRIVED = `${Date.parse(ARRIVAL)}000`;

describe("given fields that the sender names", () => {
  test("then they count before every name of the table, and what they beat is an attribute", () => {
    const line = json({ message: "no", data: "yes", level: "error", sev: "warn", time: 1, when: ARRIVAL, unit: "u" });
    const fields = { message: "data", timestamp: "when", level: "sev", service: "unit" };
    expect(readLine(line, { fields })).toMatchObject({
      message: "yes",
      level: "warning",
      micros: ARRIVED,
      service: "u",
      attributes: { message: "no", level: "error", time: 1 },
    });
  });

  test("then a path leads into members, or is a name with dots, and what holds the value stays", () => {
    const line = json({ "http.text": "dotted", http: { text: "nested", at: { ms: ARRIVAL } } });
    expect(readLine(line, { fields: { message: "http.text", timestamp: "http.at.ms" } })).toMatchObject({
      message: "dotted",
      micros: ARRIVED,
      attributes: { http: { text: "nested", at: { ms: ARRIVAL } } },
    });
    const within = json({ attributes: { kubernetes: { "app.name": "web" } }, message: "m" });
    expect(readLine(within, { fields: { service: "attributes.kubernetes.app.name" } })).toMatchObject({
      service: "web",
      attributes: { kubernetes: { "app.name": "web" } },
    });
  });

  test("and lines without them, then the table of names holds", () => {
    const line = json({ msg: "m", level: "warn", data: null });
    expect(readLine(line, { fields: { message: "data", level: "sev.name" } })).toMatchObject({
      message: "m",
      level: "warning",
      attributes: { data: null },
    });
  });

  test("then a member can be taken from another kind, and keeps the scale of its name", () => {
    const line = json({ name: "logger", hostname: "h", app: "a", levelno: 35, level: "x", msg: "m" });
    expect(readLine(line, { fields: { message: "name", level: "levelno", service: "msg" } })).toMatchObject({
      message: "logger",
      level: "warning",
      service: "m",
      attributes: { hostname: "h", app: "a", level: "x" },
    });
  });

  test("then they hold within a wrapped line too, and its text is not kept twice", () => {
    const data = json({ data: "inner", sev: "error", a: 1 });
    expect(
      readLine(json({ data, sev: "debug", time: ARRIVAL }), { fields: { message: "data", level: "sev" } }),
    ).toMatchObject({ message: "inner", level: "error", micros: ARRIVED, attributes: { a: 1, sev: "debug" } });
  });
});

describe("given members to ignore", () => {
  const ignored = ["pid", "user.email", "a.b"];

  test("then they are gone wherever they stand, and the rest is as it was", () => {
    const line = '{"msg":"m", "pid":7,"user":{"id":1.10,"email":"x"},"attributes":{"pid":8,"a":{"b":1,"c":2}},"a.b":3}';
    const row = readLine(line, { ignored });
    expect(row).toMatchObject({ message: "m", attributes: { user: { id: 1.1 }, a: { c: 2 } } });
  });

  test("then neither a message made of the line nor a wrapped line has them", () => {
    expect(readLine('{"pid":7,"a":1}', { ignored })).toMatchObject({ message: '{"a":1}' });
    expect(readLine(json({ log: '{"pid":7}', stream: "x" }), { ignored })).toMatchObject({
      message: "{}",
      attributes: { stream: "x" },
    });
  });

  test("and a line that has nothing else, then it is rejected", () => {
    expect(readLine('{"pid":7}', { ignored })).toBe("an entry must not be empty");
    expect(readLine('{"pid":7', { ignored })).toMatch(/^not JSON/);
  });
});

test("given tags for a request, then each entry has them once beside its own", () => {
  const tags = ["a", "b"];
  expect(readLine('{"msg":"m"}', { tags })).toMatchObject({ tags });
  expect(readLine('{"msg":"m","tags":["x","a"]}', { tags })).toMatchObject({ tags: ["x", "a", "b"] });
  expect(readLine('{"msg":"m","tags":"x"}', { tags })).toMatchObject({ tags, attributes: { tags: "x" } });
  const full = json({ msg: "m", tags: Array.from({ length: 99 }, (_, index) => `t${index}`) });
  expect(readLine(full, { tags })).toBe("tags must be at most 100");
});

test("given a message that begins with a level, then that counts before what is said of the whole request, and after a member's", () => {
  const said = { level: LEVELS.indexOf("debug") };
  expect(readLine('{"message":"ERROR boom"}', said)).toMatchObject({ level: "error" });
  expect(readLine('{"message":"boom"}', said)).toMatchObject({ level: "debug" });
  expect(readLine('{"message":"ERROR boom","level":"warn"}', said)).toMatchObject({ level: "warning" });
  expect(readLine('{"message":"ERROR boom","level":"loud"}', said)).toMatchObject({ level: "info" });
});

describe("given a time before the limit of retention", () => {
  const line = '{"msg":"m","time":"2020-01-01T00:00:00Z"}';

  test("when it is said that old is now, then it has the time of arrival, and its own is kept", () => {
    expect(readLine(line, { old: "now" })).toMatchObject({
      micros: ARRIVED,
      attributes: { timestamp_original: "2020-01-01T00:00:00Z" },
    });
  });

  test("else it is rejected, as is one that is far ahead, unless that is said of it too", () => {
    expect(readLine(line)).toMatch(/^timestamp is more than 30 days ago/);
    const ahead = '{"msg":"m","time":"2030-01-01T00:00:00Z"}';
    expect(readLine(ahead, { old: "now" })).toBe("timestamp is more than a day ahead");
    expect(readLine(ahead, { ahead: "now" })).toMatchObject({
      micros: ARRIVED,
      attributes: { timestamp_original: "2030-01-01T00:00:00Z" },
    });
  });
});

test("given a service and a level for a request, then they are those of entries that name none", () => {
  expect(readLine('{"msg":"m"}', { service: "s", level: 4 })).toMatchObject({ service: "s", level: "error" });
  expect(readLine('{"msg":"m","app":"a","level":"warn"}', { service: "s", level: 4 })).toMatchObject({
    service: "a",
    level: "warning",
  });
});
