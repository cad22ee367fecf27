import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LIMITS } from "@/core/limits";
import { decodeWith } from "@/core/testing/decode-with";
import { TextLinesDecoder } from "./text-lines";

const NOW = Date.parse("2026-11-26T16:00:00Z");
const decode = (body: string | Buffer, cuts: readonly number[] = []) =>
  decodeWith((sink) => new TextLinesDecoder(sink, NOW), Buffer.from(body), cuts);

const messagesOf = (body: string) => decode(body).map((entry) => Object(entry).message);

describe("given text, then an entry is a line", () => {
  test("with the time and level at its beginning, and whole", () => {
    const lines = ["2026-11-26 15:00:00,123 ERROR [main] boom", "listening on :8080", "warning: disk full"];
    expect(decode(`${lines.join("\r\n")}\n`)).toEqual([
      { timestamp: "2026-11-26T15:00:00,123", level: "ERROR", message: lines[0] },
      { message: lines[1] },
      { level: "warning", message: lines[2] },
    ]);
  });

  test("without blank ones, and the last needs no newline", () => {
    expect(messagesOf("\n\n a\n\n\nb\n  \nc")).toEqual([" a", "b", "c"]);
    expect(messagesOf("\n \n")).toEqual([]);
  });

  test("but for JSON objects, which are entries as everywhere, over one line or several", () => {
    const pretty = JSON.stringify({ msg: "b", tags: ["x"] }, null, 2);
    expect(decode(`{"msg":"a"}\n${pretty}\n{"msg":"c"\n{}\n`)).toEqual([
      { msg: "a" },
      { msg: "b", tags: ["x"] },
      { message: '{"msg":"c"' },
      { message: "{}" },
    ]);
  });

  test("after a byte order mark", () => {
    expect(decode("\ufeffERROR x")).toEqual([{ level: "ERROR", message: "ERROR x" }]);
  });

  test("with colours before the level", () => {
    expect(decode("\u001b[31mERROR\u001b[0m x")).toEqual([{ level: "ERROR", message: "\u001b[31mERROR\u001b[0m x" }]);
  });
});

describe("given a stack trace, then it is one entry with what stands before it", () => {
  const java = [
    "2026-11-26 15:00:00 ERROR c.e.Pay - refused",
    "java.lang.IllegalStateException: no money",
    "\tat c.e.Pay.charge(Pay.java:12)",
    "Caused by: java.io.IOException: gone",
    "\tat c.e.Net.read(Net.java:3)",
    "\t... 12 more",
  ];
  const python = [
    "ERROR:root:failed",
    "Traceback (most recent call last):",
    '  File "a.py", line 1, in <module>',
    "    1/0",
    "ZeroDivisionError: division by zero",
    "",
    "During handling of the above exception, another exception occurred:",
    "",
    "Traceback (most recent call last):",
    '  File "a.py", line 3, in <module>',
    "ValueError: bad",
  ];
  const node = ["TypeError: x is not a function", "    at pay (/app/pay.js:3:9)", "    at node:internal/main:1:1"];
  const nodeObject = ["Error: boom", "    at x (/a.js:1:1) {", "  code: 'E'", "}"];
  const go = [
    "panic: runtime error: index out of range [5] with length 3",
    "",
    "goroutine 1 [running]:",
    "main.main()",
    "\t/tmp/x.go:5 +0x1d",
    "main.(*Shop).Pay(0xc000012345, {0x1, 0x2})",
    "\t/tmp/x.go:9 +0x1d",
    "exit status 2",
  ];
  const dotnet = [
    "fail: Shop.Pay[0]",
    "      refused",
    "      System.Exception: boom",
    "         at Shop.Pay.Charge()",
  ];
  const php = ["[2026-11-26 15:00:00] production.ERROR: boom", "[stacktrace]", "#0 /a.php(12): b()", "#1 {main}"];

  test.each(Object.entries({ java, python, node, nodeObject, go, dotnet, php }))("of %s", (_, trace) => {
    const body = ["before", ...trace, "after", ...trace, "2026-11-26 15:00:01 INFO after"].join("\n");
    const message = trace.join("\n");
    expect(messagesOf(body)).toEqual(["before", message, "after", message, "2026-11-26 15:00:01 INFO after"]);
  });

  test("and two exceptions of Java without anything before, then each is one", () => {
    const [, thrown = "", frame = ""] = java;
    expect(messagesOf([thrown, frame, thrown, frame].join("\n"))).toEqual([
      `${thrown}\n${frame}`,
      `${thrown}\n${frame}`,
    ]);
  });

  test("and a logged line in the middle, then it is an entry of its own", () => {
    const [first = "", second = "", third = ""] = python;
    expect(messagesOf([first, second, third, "INFO:root:other", "ValueError: x"].join("\n"))).toEqual([
      [first, second, third].join("\n"),
      "INFO:root:other",
      "ValueError: x",
    ]);
  });

  test("and it is longer than a message may be, then the rest is an entry of its own", () => {
    const frame = `\tat ${"x".repeat(996)}`;
    const messages = messagesOf(["boom", ...Array.from({ length: 100 }, () => frame)].join("\n"));
    expect(messages).toHaveLength(2);
    for (const message of messages) expect(Buffer.byteLength(message)).toBeLessThanOrEqual(LIMITS.messageBytes);
    expect(messages.join("\n")).toBe(["boom", ...Array.from({ length: 100 }, () => frame)].join("\n"));
  });
});

test("given lines that are no UTF-8 or too long, then they are rejected in their places, and the others kept", () => {
  const body = Buffer.concat([
    Buffer.from("a\n  b\n"),
    Buffer.from([0xff, 0x0a]),
    Buffer.from(`${"x".repeat(LIMITS.entryBytes + 1)}\nc\n`),
  ]);
  expect(decode(body, [3, 70_000])).toEqual([
    { message: "a\n  b" },
    new Error("not valid UTF-8"),
    new Error("an entry must be at most 1048576 bytes"),
    { message: "c" },
  ]);
});

test("given text cut into any pieces, then the entries are the same, and no line is lost", () => {
  const line = fc.oneof(
    fc.string({ unit: "grapheme" }),
    fc.constantFrom("\tat x", "Traceback (most recent call last):", "ERROR x", "2026-11-26 15:00:00 x", "", "}"),
  );
  const cuts = fc.array(fc.nat(), { maxLength: 8 });
  fc.assert(
    fc.property(fc.array(line), cuts, (lines, where) => {
      const text = lines.join("\n");
      const whole = decode(text);
      expect(decode(text, where)).toEqual(whole);
      const plain = (all: string) =>
        all
          .replace(/^\ufeff/, "")
          .split("\n")
          .map((one) => one.trimEnd())
          .filter((one) => one !== "");
      expect(plain(whole.map((entry) => Object(entry).message).join("\n"))).toEqual(plain(text));
    }),
  );
});
