import { readFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { LIMITS } from "@/core/limits";
import { findAliases } from "./find-aliases";
import { fingerprintMessage, shapeOf } from "./fingerprint-message";
import { OTHER_PATTERN } from "./pattern-id";
import { renderTemplate } from "./render-template";
import { patternSample } from "./scan-sample";

const GOLDEN = path.join(import.meta.dirname, "golden-fingerprints.json");
const encoder = new TextEncoder();
const patternOf = (message: string) => fingerprintMessage(patternSample(encoder.encode(message)));

/** Messages that are one problem each, as nginx, PostgreSQL, Node, Java, Python, Go, Kubernetes and others write them. */
const SAME: readonly (readonly string[])[] = [
  ["user 17 not found", "user 93 not found"],
  ["took 12 ms", "took 3.5 s", "took 0x1f ms"],
  [
    "connect() failed (111: Connection refused) while connecting to upstream, client: 10.0.0.7, server: example.com",
    "connect() failed (111: Connection refused) while connecting to upstream, client: 192.168.1.9, server: shop.example.org",
  ],
  [
    'duplicate key value violates unique constraint "users_email_key"',
    'duplicate key value violates unique constraint "orders_number_key"',
  ],
  ["could not connect to server at 10.1.2.3:5432", "could not connect to server at db.internal:5432"],
  [
    "Error: ENOENT: no such file or directory, open '/srv/a.json'",
    "Error: ENOENT: no such file or directory, open '/tmp/b/c.txt'",
  ],
  ["Error: connect ECONNREFUSED 127.0.0.1:6379", "Error: connect ECONNREFUSED 10.9.8.7:6380"],
  ["request 550e8400-e29b-41d4-a716-446655440000 timed out", "request 123e4567-e89b-12d3-a456-426614174000 timed out"],
  ["sent to alice@example.com", "sent to bob.smith+tag@mail.example.org"],
  ["GET https://api.example.com/v1/users?id=3 failed", "GET http://localhost:3000/health failed"],
  [
    "Back-off restarting failed container app in pod shop-7d4b9c6f5-x2x8z_default(1b2c)",
    "Back-off restarting failed container app in pod shop-6c9f8d7b4-k9q2w_default(9f8e)",
  ],
  [
    "panic: runtime error: index out of range [5] with length 3",
    "panic: runtime error: index out of range [12] with length 9",
  ],
  ["open /etc/app.yaml: permission denied", "open /var/lib/data: permission denied"],
  [
    "authentication failure; logname= uid=0 tty=ssh rhost=1.2.3.4",
    "authentication failure; logname= uid=1000 tty=ssh rhost= ",
  ],
  ["session opened for user root by (uid=0)", "session opened for user alice by (uid=1001)"],
  ["mac aa:bb:cc:dd:ee:ff joined", "mac 00:1b:44:11:3a:b7 joined"],
  ["peer fe80::abcd:1 is down", "peer 2001:db8::ff00:42:8329 is down"],
  ["at Mon Jun 14 15:16:01 2005 it began", "at Tue Jul 5 01:02:03 2026 it began"],
  ["\u001b[31mred 1\u001b[0m alert", "red 2 alert"],
  ["values: 1, 2, 3", "values: 4", "values: 5, 6"],
  ['{"level":"error","message":"order 5 failed","at":1}', '{"time":3,"message":"order 77 failed","level":"error"}'],
  [
    "java.lang.IllegalStateException: order 5 is gone\n\tat com.shop.Orders.find(Orders.java:41)\n\tat com.shop.Api.get(Api.java:12)",
    "java.lang.IllegalStateException: order 9 is gone\n\tat com.shop.Orders.find(Orders.java:44)\n\tat com.shop.Api.get(Api.java:19)",
  ],
  [
    'Traceback (most recent call last):\n  File "/app/main.py", line 3, in run\n    go()\nValueError: bad value 5',
    'Traceback (most recent call last):\n  File "/opt/app/main.py", line 9, in run\n    go()\nValueError: bad value 17',
  ],
];

/** Messages of which each is a problem of its own. */
const APART: readonly (readonly string[])[] = [
  ["connection refused", "connection reset by peer", "connection timed out", "no route to host"],
  ["upstream answered with status 404", "upstream answered with status 500", "upstream answered with status 503"],
  ['10.0.0.1 - - "GET /a HTTP/1.1" 404 12', '10.0.0.1 - - "GET /a HTTP/1.1" 500 12'],
  ["write failed: errno=28", "write failed: errno=5"],
  ["query failed sqlstate=23505", "query failed sqlstate=40P01"],
  ["process exited on signal 9", "process exited on signal 11"],
  ["HTTP 404", "HTTP 500"],
  ['"GET /x HTTP/1.1" failed', '"POST /x HTTP/1.1" failed'],
  ["java.lang.NullPointerException", "java.lang.IllegalArgumentException", "java.io.IOException"],
  ["Error: connect ECONNREFUSED 127.0.0.1:80", "Error: connect ETIMEDOUT 127.0.0.1:80", "Error: read ECONNRESET"],
  ["TypeError: x is not a function", "TypeError: x is undefined", "ReferenceError: x is not defined"],
  [
    "deadlock detected",
    "could not serialize access due to concurrent update",
    "canceling statement due to statement timeout",
  ],
  ["ImagePullBackOff", "CrashLoopBackOff", "ErrImagePull", "OOMKilled"],
  ["retry is true", "retry is false", "retry is null"],
  ["disk full", "disk failed"],
  [
    "java.lang.NullPointerException\n\tat com.shop.Orders.find(Orders.java:41)",
    "java.lang.NullPointerException\n\tat com.shop.Users.find(Users.java:41)",
  ],
  [
    "TypeError: failed\n    at checkout (/srv/shop.js:1:2)\n    at node:internal/main:5",
    "TypeError: failed\n    at login (/srv/shop.js:1:2)\n    at node:internal/main:5",
  ],
  [
    'Traceback (most recent call last):\n  File "/app/a.py", line 3, in run\nValueError: bad',
    'Traceback (most recent call last):\n  File "/app/a.py", line 3, in run\nKeyError: bad',
  ],
];

describe("messages of a kind share a pattern", () => {
  test.each(SAME.map((messages) => [messages[0] ?? "", messages] as const))(
    "given %s, and others like it",
    (_, messages) => {
      expect(messages.map((message) => [message, patternOf(message)])).toEqual(
        messages.map((message) => [message, patternOf(messages[0] ?? "")]),
      );
    },
  );
});

describe("messages of different kinds stay apart", () => {
  test.each(APART.map((messages) => [messages[0] ?? "", messages] as const))(
    "given %s, and others that are not it",
    (_, messages) => {
      expect(new Set(messages.map(patternOf)).size).toBe(messages.length);
    },
  );
});

/** What is stored is compared with what comes: when this fails, a rule was changed, and RULES_VERSION must go up with it. */
test("given the messages of the golden file, then their fingerprints are what they always were", () => {
  const golden = z.array(z.tuple([z.string(), z.string()])).parse(JSON.parse(readFileSync(GOLDEN, "utf8")));
  expect(golden.length).toBeGreaterThan(30);
  expect(golden.map(([message]) => [message, String(patternOf(message))])).toEqual(golden);
});

test.each([
  ["user 17 not found in 12 ms", "user <num> not found in <duration>"],
  ["connect to 10.0.0.7:5432 failed", "connect to <ip> failed"],
  ["request 550e8400-e29b-41d4-a716-446655440000 of bob@example.com", "request <uuid> of <email>"],
  ["open '/srv/a b.txt' and /etc/passwd: denied", "open '<path> b.txt' and <path>: denied"],
  ["GET https://example.com/a?b=1 gave deadbeefcafe0123", "GET <url> gave <hex>"],
  ["key=value, other= and code=E42", "key=<str>, other=<*> and code=E42"],
  ["ids 1, 2, 3 gone", "ids <*> gone"],
  ["plain words: nothing more", "plain words: nothing more"],
  [
    "java.lang.IllegalStateException: order 5\n\tat com.shop.Orders.find(Orders.java:41)",
    "java.lang.IllegalStateException: order <num> (com.shop.Orders.find)",
  ],
])("given %j, then people see it as %j", (message, template) => {
  expect(renderTemplate(message)).toBe(template);
});

describe("for any message", () => {
  const words = fc.array(
    fc.oneof(
      fc.constantFrom("user", "failed", "for", "from", "status", "=", ":", "(", ")", '"', "'", "[", "/", "\n", "\\"),
      fc.string({ maxLength: 12 }),
      fc.nat().map(String),
    ),
    { maxLength: 60 },
  );

  test("given other digits in its numbers, then it keeps its pattern", () => {
    const plain = fc.array(fc.oneof(fc.constantFrom("user", "order", "took", "from", "in", "is", "gone"), fc.nat()), {
      minLength: 1,
      maxLength: 20,
    });
    fc.assert(
      fc.property(plain, fc.nat(), (parts, other) => {
        const message = parts.join(" ");
        const changed = parts
          .map((part) => (typeof part === "number" ? (part * 7 + other) % 1_000_003 : part))
          .join(" ");
        expect(patternOf(changed)).toBe(patternOf(message));
      }),
    );
  });

  test("given anything at all, then there is a pattern, the same each time, which is never the one of all others", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array({ maxLength: 5_000 }),
          words.map((parts) => encoder.encode(parts.join(" "))),
        ),
        (message) => {
          const sample = patternSample(message);
          const pattern = fingerprintMessage(sample);
          expect(fingerprintMessage(sample)).toBe(pattern);
          expect(pattern).not.toBe(OTHER_PATTERN);
          expect(sample.length).toBeLessThanOrEqual(LIMITS.patternSampleBytes);
          // What is stored gives the pattern again.
          expect(fingerprintMessage(patternSample(sample))).toBe(pattern);
        },
      ),
      { numRuns: 500 },
    );
  });

  test("given 64 KB that try to make the scan look again and again, then it looks at each byte a bounded number of times", () => {
    const hostile = [
      "a=[",
      "(",
      "'x ",
      '"a ',
      ":",
      "ab:",
      "a",
      "\u001b[",
      "9 x ",
      "http://",
      "=",
      "user ",
      "\n at ",
      '{"message":"',
    ];
    for (const part of hostile) {
      const message = encoder.encode(part.repeat(Math.ceil(65_536 / part.length)));
      const reads = { count: 0 };
      const watched = new Proxy(patternSample(message), {
        get(target, name) {
          reads.count++;
          const value: unknown = Reflect.get(target, name);
          return typeof value === "function" ? value.bind(target) : value;
        },
      });
      fingerprintMessage(watched);
      // The look-ahead is 200 bytes; a quadratic scan of the 2 KB that count would read two million.
      expect([part, reads.count]).toEqual([part, Math.min(reads.count, 700_000)]);
    }
  });
});

describe("aliases", () => {
  const shape = (message: string) => {
    const made = shapeOf(encoder.encode(message));
    if (!made) throw new Error("no shape");
    return made;
  };

  test("given special cases of a pattern, then they are its aliases, and others are not", () => {
    const general = shape("Invalid user 17 from 10.0.0.1 port 22");
    const { aliases } = findAliases(
      [
        general,
        ...[
          "Invalid account admin from 10.0.0.1 port 22",
          "Invalid user here from 10.0.0.1",
          "chdir(pwd) failed: No such file",
          "chdir(/tmp) failed: No such file",
        ].map(shape),
      ].toReversed(),
    );
    expect([...aliases]).toEqual([
      [shape("chdir(pwd) failed: No such file").id, shape("chdir(/x/y) failed: No such file").id],
    ]);
  });

  test("given a pattern that is fixed, then it is no alias of another, and its special cases are of it", () => {
    const most = shape("copy 5 to 7 of the tape failed");
    const middle = shape("copy all to 7 of the tape failed");
    const special = shape("copy all to disk of the tape failed");
    expect([...findAliases([special, middle, most]).aliases]).toEqual([
      [special.id, most.id],
      [middle.id, most.id],
    ]);
    expect([...findAliases([special, middle, most], new Set([middle.id])).aliases]).toEqual([[special.id, most.id]]);
    expect([...findAliases([special, middle], new Set([middle.id])).aliases]).toEqual([[special.id, middle.id]]);
  });

  test("given more patterns that are alike than are compared, then what is found of none of them is undecided", () => {
    const words = "alpha beta gamma delta epsilon zeta";
    // Alike in their second half, and each with a value.
    const flood = (count: number) =>
      Array.from({ length: count }, (_, index) =>
        shape(`${"x".repeat(index + 1)} 7 step of ${words} at the end of the run`),
      );
    const alone = shape(`quiet place step of ${words} at the end of the run`);
    expect(findAliases([alone, ...flood(29)])).toEqual({ aliases: new Map(), undecided: new Set() });
    expect([...findAliases([alone, ...flood(31)]).undecided]).toContain(alone.id);
  });

  test("given any set of patterns in any order, then the aliases are the same, and none is an alias of an alias", () => {
    const word = fc.constantFrom("disk", "node", "full", "failed", "on", "in", "7", "/a/b", "x");
    const messages = fc.array(
      fc.array(word, { minLength: 4, maxLength: 6 }).map((words) => words.join(" ")),
      { maxLength: 25 },
    );
    fc.assert(
      fc.property(messages, fc.nat(), (texts, seed) => {
        const shapes = [...new Map(texts.map((text) => [shape(text).id, shape(text)])).values()];
        const shuffled = shapes.toSorted(
          (a, b) => Number(((a.id * 31n) ^ BigInt(seed)) % 1_000n) - Number(((b.id * 31n) ^ BigInt(seed)) % 1_000n),
        );
        const sorted = (aliases: Map<bigint, bigint>) => [...aliases].map(String).toSorted();
        const { aliases } = findAliases(shapes);
        expect(sorted(findAliases(shuffled).aliases)).toEqual(sorted(aliases));
        for (const [alias, canonical] of aliases) {
          expect(alias).not.toBe(canonical);
          expect(aliases.has(canonical)).toBe(false);
        }
      }),
      { numRuns: 300 },
    );
  });
});
