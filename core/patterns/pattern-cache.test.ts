import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { fingerprintMessage, toPatternId } from "./fingerprint-message";
import { PatternCache } from "./pattern-cache";
import { patternSample } from "./scan-sample";

const cache = new PatternCache();

function expectSame(message: string): void {
  const bytes = Buffer.from(`<<${message}>>`);
  const scanned = fingerprintMessage(patternSample(bytes.subarray(2, bytes.length - 2)));
  // The first call may fill the cache, the second is answered from it.
  for (let call = 0; call < 2; call++) {
    expect(toPatternId(cache.patternOf(bytes, 2, bytes.length - 2)), JSON.stringify(message)).toBe(scanned);
  }
}

const otherDigits = (message: string, digit: (index: number) => number) => {
  let index = 0;
  return message.replaceAll(/\d/g, () => String(digit(index++)));
};

/** Messages of the parts that the scanner treats in a way of their own. */
const piece = fc.constantFrom(
  ..."status code errno HTTP exit_code statusCode for from user host Mon Jan ms KB true null".split(" "),
  ..."= == : :: , ; ( ) () [ ] { } < > \" ' ` . .. ... / // \\ @ ? & % ~ | * + - _ #".split(" "),
  ..."0 7 42 404 5000 12345 123456 1234567890123456 a b f x ff 0x 1f c C: http:// é µ".split(" "),
  " ",
  " ",
  " ",
  "  ",
  "\t",
  "\n",
  "\u001b[31m",
);
const message = fc.array(piece, { minLength: 1, maxLength: 60 }).map((pieces) => pieces.join(""));

test("given any messages, each also with other digits and other lengths of numbers, then each has the pattern that a scan gives it", () => {
  fc.assert(
    fc.property(message, fc.array(fc.nat(9), { minLength: 1, maxLength: 50 }), fc.nat(20), (text, digits, longer) => {
      expectSame(text);
      expectSame(otherDigits(text, (index) => digits[index % digits.length] ?? 0));
      expectSame(text.replace(/\d+/, (run) => `${run}${"7".repeat(longer)}`));
      expectSame(text.repeat(3));
    }),
    { numRuns: 20_000 },
  );
});

test.each([
  ["HTTP 404 for a.html", "HTTP 500 for a.html"],
  ["exit status=1", "exit status=2"],
  ["status = 404", "status = 500"],
  ['"GET / HTTP/1.1" 404 12', '"GET / HTTP/1.1" 500 12'],
  ['"GET / HTTP/1.1" 404 12', '"GET / HTTP/11111111.1" 404 12'],
  ["signal   9 from 7", "signal   15 from 7"],
  ["1:\\temp is full", "12:\\temp is full"],
  ["a1:b:c:d went away", "a12345:b:c:d went away"],
])("given %s after %s, then each has its own pattern all the same", (first, second) => {
  expectSame(first);
  expectSame(second);
  expectSame(first);
});

const LABELLED = path.resolve("../shared/loghub");

test.runIf(existsSync(LABELLED))(
  "given real lines of many programs, then each has the pattern that a scan gives it",
  () => {
    let lines = 0;
    for (const file of readdirSync(LABELLED, { recursive: true, encoding: "utf8" })) {
      if (!/\.(csv|log)$/.test(file)) continue;
      for (const line of readFileSync(path.join(LABELLED, file), "utf8").split("\n")) {
        expectSame(line);
        expectSame(otherDigits(line, (index) => (index * 7) % 10));
        lines++;
      }
    }
    expect(lines).toBeGreaterThan(1_000);
  },
);
