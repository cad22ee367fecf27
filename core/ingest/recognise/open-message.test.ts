import { describe, expect, test } from "vitest";
import { ARRIVAL, readLine } from "@/core/testing/read-line";

const MICROS = Date.parse(ARRIVAL) * 1000;
const wrap = (inner: unknown) => JSON.stringify(inner);

describe("given a message that is a JSON object as text", () => {
  test("as Docker's json-file has it, then what is inside is read, and what is around it stays", () => {
    const log = `${wrap({ level: "error", msg: "boom", time: "2026-11-26T15:00:00Z", order: 42 })}\n`;
    const line = JSON.stringify({ log, stream: "stderr", time: "2026-11-26T15:00:01Z" });
    expect(readLine(line)).toMatchObject({
      level: "error",
      message: "boom",
      micros: String(MICROS - 3_600_000_000),
      attributes: { order: 42, stream: "stderr", time: "2026-11-26T15:00:01Z" },
    });
  });

  test("which lacks time, level and service, then those around it hold", () => {
    const line = JSON.stringify({
      message: wrap({ msg: "boom" }),
      level: "warn",
      app: "shop",
      timestamp: "2026-11-26T15:00:00Z",
    });
    expect(readLine(line)).toMatchObject({
      level: "warning",
      message: "boom",
      service: "shop",
      micros: String(MICROS - 3_600_000_000),
      attributes: {},
    });
  });

  test("with names that also stand around it, then those around it get numbers", () => {
    const line = JSON.stringify({
      message: wrap({ msg: "boom", user: 1, attributes: { stream: "x" } }),
      user: 2,
      stream: "stdout",
      attributes: { user: 3 },
    });
    expect(readLine(line)).toMatchObject({
      message: "boom",
      attributes: { stream: "x", user: 1, user_2: 2, stream_2: "stdout", attributes: { user: 3 } },
    });
  });

  test("without a message, then its text is the message, and its members are attributes", () => {
    const line = JSON.stringify({ log: wrap({ a: 1 }), msg: "lost to log" });
    expect(readLine(line)).toMatchObject({ message: "lost to log", attributes: { log: '{"a":1}' } });
    expect(readLine(JSON.stringify({ log: wrap({ a: 1 }) }))).toMatchObject({
      message: '{"a":1}',
      attributes: { a: 1 },
    });
  });

  test.each([{ date: "2020-01-01" }, { datetime: "2026-11-26T09:00:00Z" }, { eventTime: "soon" }])(
    "with a name that may be the time of something else, %j, then a time around it that is called so counts",
    (more) => {
      const log = wrap({ msg: "boom", ...more });
      for (const name of ["timestamp", "@timestamp", "time"]) {
        expect(readLine(JSON.stringify({ log, [name]: "2026-11-26T15:00:00Z" }))).toMatchObject({
          micros: String(MICROS - 3_600_000_000),
          message: "boom",
          attributes: more,
        });
      }
      const line = JSON.stringify({ log: wrap({ msg: "boom", date: "2026-11-26T15:00:00Z" }), stream: "stdout" });
      expect(readLine(line)).toMatchObject({
        micros: String(MICROS - 3_600_000_000),
        attributes: { stream: "stdout" },
      });
    },
  );

  test.each(["2020-01-01T00:00:00Z", "2030-01-01T00:00:00Z", "soon", 1])(
    "with the time %j, which can't be stored, then that around it counts, and what was sent is kept",
    (time) => {
      const log = wrap({ msg: "boom", time });
      const outer = { date: "2026-11-26T15:00:02Z", timestamp: "2026-11-26T15:00:00Z", ts: "2020-01-01T00:00:00Z" };
      expect(readLine(JSON.stringify({ log, ...outer }))).toMatchObject({
        micros: String(MICROS - 3_600_000_000),
        message: "boom",
        attributes: { timestamp_original: time, date: outer.date, ts: outer.ts },
      });
      const twice = JSON.stringify({ log: wrap({ log, stream: "stdout" }), time: "2026-11-26T15:00:00Z" });
      expect(readLine(twice)).toMatchObject({
        micros: String(MICROS - 3_600_000_000),
        attributes: { timestamp_original: time, stream: "stdout" },
      });
    },
  );

  test("with a time that can't be stored, and none around it that can, then it is told of the inner one", () => {
    const log = wrap({ msg: "boom", time: "2020-01-01T00:00:00Z" });
    for (const time of [undefined, "soon", "2030-01-01T00:00:00Z"])
      expect(readLine(JSON.stringify({ log, time }))).toMatch(/^timestamp is more than 30 days ago/);
  });

  test("within another one, then both are opened", () => {
    const log = wrap({ log: wrap({ msg: "boom", pod: 1 }), stream: "stdout", time: "2026-11-26T15:00:00Z" });
    const line = JSON.stringify({ log, host: "n1" });
    expect(readLine(line)).toMatchObject({
      message: "boom",
      micros: String(MICROS - 3_600_000_000),
      attributes: { pod: 1, stream: "stdout", host: "n1" },
    });
  });
});

test.each(["{", "{}", "{not json}", '{"a":1} and more', '["a"]', '{"a":"\\u0000"}', '{"a":1'])(
  "given the message %s, then it stays as it is",
  (message) => {
    expect(readLine(JSON.stringify({ message }))).toMatchObject({ message, attributes: {} });
  },
);
