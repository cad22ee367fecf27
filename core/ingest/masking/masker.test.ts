import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { EntryReader } from "@/core/ingest/decode/entry-reader";
import { normalise } from "@/core/ingest/normalise";
import { RowBlock } from "@/core/ingest/row-block";
import { RetentionPlan } from "@/core/retention/retention-plan";
import { changeSetting } from "@/core/settings/change-setting";
import { listMasked } from "@/core/settings/list-masked";
import { type Masking, maskingSchema, retentionSchema } from "@/core/settings/schemas";
import { Settings } from "@/core/settings/settings";
import { ingestOf, sendEntries, testDatabase } from "@/core/testing/test-database";
import { entries } from "@/db/schema";
import { Masker } from "./masker";

const context = testDatabase("2026-01-01T12:00:00Z");

const masking = (settings: object): Masking => maskingSchema.parse(settings);

function maskerOf(settings: object): Masker {
  const masker = Masker.of(masking(settings));
  if (!masker) throw new Error("nothing is masked");
  return masker;
}

const ALL = { emails: true, cards: true, tokens: true };
const JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl";

describe("a text", () => {
  test.each([
    ["mail to first.last+x@mail.example.co.uk now", "mail to [masked] now", 1],
    ["<a@b.example>,<c@d.example>", "<[masked]>,<[masked]>", 2],
    ["user@host has no top level", "user@host has no top level", 0],
    ["an @ alone, a@, @b.example", "an @ alone, a@, @b.example", 0],
    // Test numbers that card networks publish.
    ["paid with 4111 1111 1111 1111.", "paid with [masked].", 1],
    ["paid with 5555-5555-5555-4444", "paid with [masked]", 1],
    ["amex 378282246310005", "amex [masked]", 1],
    ["4111111111111111 123", "[masked] 123", 1],
    ["card 4111 1111 1111 1111 12/27", "card [masked] 12/27", 1],
    ["378282246310005-1234 and 5555555555554444", "[masked]-1234 and [masked]", 2],
    ["order 2345 4111 1111 1111 1111", "order 2345 [masked]", 1],
    ["the longest: 4222222222222 0000 00", "the longest: [masked]", 1],
    ["a sum 4111111111111111.50", "a sum 4111111111111111.50", 0],
    ["4111 1111 1111 1112 has a wrong check digit", "4111 1111 1111 1112 has a wrong check digit", 0],
    ["id 94111111111111111 begins before", "id 94111111111111111 begins before", 0],
    [
      "at 1767268800000 ms, trace 0af7651916cd43dd8448eb211c80319c",
      "at 1767268800000 ms, trace 0af7651916cd43dd8448eb211c80319c",
      0,
    ],
    ["Authorization: Bearer abcdefgh12345678==", "Authorization: Bearer [masked]", 1],
    ["authorization: basic YWRhOnNlY3JldA==", "authorization: basic [masked]", 1],
    [`cookie ${JWT};`, "cookie [masked];", 1],
    [`id-eyJ1-${JWT}, ${JWT}-x`, "id-[masked], [masked]", 2],
    [`abcdefghijklm.${JWT}`, "abcdefghijklm.[masked]", 1],
    ["the bearer of bad news", "the bearer of bad news", 0],
    [`key cw_${"a".repeat(43)}`, "key [masked]", 1],
    [`Bearer cw_${"a".repeat(43)} of admin@example.com`, "Bearer [masked] of [masked]", 2],
    ["nothing to see, 42 ms", "nothing to see, 42 ms", 0],
  ])("given %j, then it becomes %j, and %d places are counted", (text, expected, count) => {
    expect(maskerOf(ALL).maskText(text)).toEqual({ text: expected, masked: count });
  });

  test("given tokens of any length, then all of each goes", () => {
    const long = "aB3_".repeat(15_000);

    expect(maskerOf(ALL).maskText(`Bearer ${long}== end`).text).toBe("Bearer [masked] end");
    expect(maskerOf(ALL).maskText(`see eyJ${long}.eyJ${long}.${long} end`).text).toBe("see [masked] end");
  });

  test.each([
    ["parts that begin again and again", "eyJ-"],
    ["words between hyphens", "eyJaaaaaaaa-"],
    ["second parts that are too short", "eyJaaaaaaaa.eyJaaa."],
    ["schemes", "Bearer "],
    ["schemes in a run", "Bearer.Basic-"],
    ["one run", "a"],
  ])("given a long text of %s, then it takes linear time", (_what, part) => {
    expect(maskerOf({ tokens: true }).maskText(`${part.repeat(2_000_000 / part.length)}!`).masked).toBe(0);
  });

  test("given any parts, then the same tokens go as by an expression that takes its time", () => {
    const simple = /\beyJ[\w-]{8,}\.eyJ[\w-]{4,}\.[\w-]*/g;
    const pieces = fc.constantFrom(
      "eyJ",
      "eyJabcdefgh",
      "abcdefgh",
      "-",
      ".",
      ".eyJ",
      " ",
      "é",
      "a",
      "eyJabcdefgh.eyJabcd.",
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 12 }), (parts) => {
        const text = parts.join("");
        expect(maskerOf({ tokens: true }).maskText(text).text).toBe(text.replaceAll(simple, "[masked]"));
      }),
      { numRuns: 5_000 },
    );
  });

  test("given one kind only, then the others stay", () => {
    const text = "admin@example.com 4111111111111111 Bearer abcdefgh12345678";

    expect(maskerOf({ emails: true }).maskText(text).text).toBe("[masked] 4111111111111111 Bearer abcdefgh12345678");
    expect(maskerOf({ cards: true }).maskText(text).text).toBe("admin@example.com [masked] Bearer abcdefgh12345678");
    expect(maskerOf({ tokens: true }).maskText(text).text).toBe("admin@example.com 4111111111111111 Bearer [masked]");
    expect(Masker.of(masking({}))).toBeNull();
  });

  test("given own expressions, then what they match goes, in linear time also for a hostile one", () => {
    const masker = maskerOf({ expressions: ["customer-\\d{6}", "(?i)secret=\\S+"] });
    const hostile = maskerOf({ expressions: ["(a+)+$"] });

    expect(masker.maskText("customer-123456 SECRET=x; customer-12")).toEqual({
      text: "[masked] [masked] customer-12",
      masked: 2,
    });
    expect(hostile.maskText(`${"a".repeat(50_000)}!`).masked).toBe(0);
  });

  test.each(["(", "a*", "", "(?=x)"])("given the expression %j, then it is refused with the reason", (expression) => {
    const { error } = maskingSchema.safeParse({ expressions: [expression] });

    expect(error?.issues[0]?.message).toMatch(/^(is no regular expression of RE2: |must not )/);
  });

  test("given any text, then it never throws, and what is masked stays so", () => {
    const masker = maskerOf(ALL);
    const pieces = fc.constantFrom(
      "@",
      "a",
      ".",
      "4111",
      "1111",
      " ",
      "-",
      "Bearer ",
      "eyJ",
      "b.example",
      "\n",
      '"',
      "é",
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 60 }), (parts) => {
        const once = masker.maskText(parts.join(""));
        expect(masker.maskText(once.text).masked).toBe(0);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe("traces", () => {
  test("given any text, then one that is masked is never passed over", () => {
    const masker = maskerOf(ALL);
    const pieces = fc.constantFrom(
      ...["a@b.example", "@", "4111", "1111", "378282246310005", " ", "-", "--", "Bearer abcdefgh1", "BASIC  abcdefgh"],
      ...["bearer", "eyJhbGciOi.", JWT, `cw_${"a".repeat(43)}`, "b", "c", "e", "ey", "\n", "é", "0"],
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 12 }), (parts) => {
        const text = parts.join("");
        const bytes = Buffer.from(`..${text}..`);
        if (masker.maskText(text).masked > 0) expect(masker.mayMask(bytes, 2, bytes.length - 2), text).toBe(true);
        const json = Buffer.from(JSON.stringify({ text }));
        if (masker.maskJson(json.toString()).masked > 0) expect(masker.mayMask(json, 0, json.length), text).toBe(true);
      }),
      { numRuns: 5_000 },
    );
  });

  test("given JSON with escapes, behind which something stands, then it is looked at", () => {
    const json = '{"to":"admin\\u0040example.com"}';
    const bytes = Buffer.from(json);

    expect(maskerOf({ emails: true }).mayMask(bytes, 0, bytes.length)).toBe(true);
    expect(maskerOf({ emails: true }).maskJson(json)).toEqual({ text: '{"to":"[masked]"}', masked: 1 });
  });

  test("given what is not masked, then its traces are not looked at; given own expressions, then everything is", () => {
    const bytes = Buffer.from("admin@example.com 4111111111111111");

    expect(maskerOf({ tokens: true }).mayMask(bytes, 0, bytes.length)).toBe(false);
    expect(maskerOf({ cards: true }).mayMask(bytes, 0, 17)).toBe(false);
    expect(maskerOf({ expressions: ["x"] }).mayMask(bytes, 0, 1)).toBe(true);
  });
});

describe("card numbers", () => {
  /** By the table of doubled digits, from the left. */
  const isRight = (number: string) => {
    const digits = [...number.replaceAll(/\D/g, "")].map(Number);
    const doubled = [0, 2, 4, 6, 8, 1, 3, 5, 7, 9];
    const counted = digits.map((digit, at) => ((digits.length - at) % 2 === 0 ? (doubled[digit] ?? 0) : digit));
    return counted.reduce((total, digit) => total + digit, 0) % 10 === 0;
  };

  /** Tries every length at every place. */
  const maskSimply = (text: string): string => {
    for (let at = 0; at < text.length; at++) {
      if (/[\d.]$/.test(text.slice(0, at))) continue;
      for (let length = 19; length >= 13; length--) {
        const form = new RegExp(`^[2-6]\\d{3}(?:[ -]?\\d){${length - 4}}(?!\\d|\\.\\d)`);
        const [card] = form.exec(text.slice(at)) ?? [];
        if (card && isRight(card)) return `${text.slice(0, at)}[masked]${maskSimply(text.slice(at + card.length))}`;
      }
    }
    return text;
  };

  test("given any digits and what stands between them, then the same is masked as by trying everything", () => {
    const pieces = fc.oneof(
      fc.constantFrom(
        "4111111111111111",
        "4111 1111 1111 1111",
        "378282246310005",
        "4222222222222",
        " ",
        "-",
        ".",
        "x",
      ),
      fc.stringMatching(/^\d{1,6}$/),
      fc.stringMatching(/^[2-6]\d{3}( \d{4}){2}$/),
    );
    const masker = maskerOf({ cards: true });
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 10 }), (parts) => {
        const text = parts.join("");
        expect(masker.maskText(text).text).toBe(maskSimply(text));
      }),
      { numRuns: 5_000 },
    );
  });
});

describe("JSON", () => {
  test("given attributes, then only strings and cards are touched, and all else stays as it was sent", () => {
    const json = `{ "user" : "admin@example.com", "admin@example.com":1, "n": 12345678901234567890123, "card": 4111111111111111, "e": 1.0e5, "path":"C:\\\\a\\"b", "list":["x", "Bearer abcdefgh12345678"] }`;

    expect(maskerOf(ALL).maskJson(json)).toEqual({
      text: `{ "user" : "[masked]", "[masked]":1, "n": 12345678901234567890123, "card": "[masked]", "e": 1.0e5, "path":"C:\\\\a\\"b", "list":["x", "Bearer [masked]"] }`,
      masked: 4,
    });
  });

  test("given own expressions, then numbers are held against them as they are written, and become text where they match", () => {
    const json =
      '{"customer":123456,"list":[1.50,-7,123456.0],"when":1e5,"12":"123456","ok":true,"none":null,"big":12345678901234567890}';

    expect(maskerOf({ expressions: ["^123456$", "1\\.50", "^-7$", "e5$", "90$"] }).maskJson(json)).toEqual({
      text: '{"customer":"[masked]","list":["[masked]","[masked]",123456.0],"when":"1[masked]","12":"[masked]","ok":true,"none":null,"big":"123456789012345678[masked]"}',
      masked: 6,
    });
  });

  test("given a card of more digits than a number of JavaScript holds, then it is one", () => {
    expect(maskerOf({ cards: true }).maskJson('{"card":4111111111111111110}').masked).toBe(1);
  });

  test("given any JSON, then it is JSON afterwards, and the same when nothing is masked", () => {
    fc.assert(
      fc.property(fc.json(), (json) => {
        for (const settings of [ALL, { expressions: ["\\d", "[a-f]"] }]) {
          const { text, masked } = maskerOf(settings).maskJson(json);
          expect(() => JSON.parse(text)).not.toThrow();
          if (masked === 0) expect(text).toBe(json);
        }
      }),
    );
  });
});

describe("ingest", () => {
  test("given masking, then nothing that is stored has what was masked, and it is counted by service", async () => {
    const ingest = ingestOf(context, masking({ ...ALL, expressions: ["order-\\d+"] }));
    await sendEntries(ingest, [
      {
        service: "shop",
        level: "error",
        message: "mail \u00e9 to admin@example.com failed",
        tags: ["to:admin@example.com", "mail"],
      },
      {
        service: "shop",
        message: "order-7 paid",
        attributes: { card: "4111111111111111", ok: true },
        extra: "order-8",
      },
      { service: "pay", message: "fine", level: "admin@example.com" },
      { service: "quiet", message: "fine" },
    ]);

    const rows = await context.db.select().from(entries);
    const stored = JSON.stringify(rows, (_name, value: unknown) => (typeof value === "bigint" ? String(value) : value));
    for (const secret of ["admin@example.com", "order-7", "order-8", "4111111111111111"])
      expect(stored).not.toContain(secret);
    expect(rows.map(({ message }) => message)).toContain("mail \u00e9 to [masked] failed");
    expect(await listMasked(context)).toEqual({
      services: [
        { service: "shop", masked: 5 },
        { service: "pay", masked: 1 },
      ],
      services_total: 2,
    });
    await sendEntries(ingest, [{ service: "pay", message: "again admin@example.com" }]);
    expect((await listMasked(context)).services).toContainEqual({ service: "pay", masked: 2 });
  });
});

describe("a block of rows", () => {
  test("given that it is split to find a row that is refused, then each part counts what was masked in it", () => {
    const reader = new EntryReader();
    const block = new RowBlock();
    const nowMs = Date.parse("2026-01-01T12:00:00Z");
    const options = { nowMs, retention: new RetentionPlan(30), masker: maskerOf(ALL), parameters: {} };
    for (const [index, message] of ["to a@b.example", "nothing", "c@d.example and e@f.example"].entries()) {
      const source = Buffer.from(JSON.stringify({ service: "shop", message }));
      expect(reader.read(source, 0, source.length)).toBeNull();
      expect(normalise(reader, block, index, options)).toBeNull();
    }

    const masked = (part: RowBlock) => part.tally.serviceRows().map((row) => row.masked);
    expect(masked(block)).toEqual([3]);
    expect(block.split(1).map(masked)).toEqual([[1], [2]]);
    expect(block.split(2).map(masked)).toEqual([[1], [2]]);
    expect(block.split(2)[0].split(1).map(masked)).toEqual([[1], [0]]);
  });
});

describe("the settings", () => {
  const DEFAULTS = { retentionDays: 30, maxDiskBytes: 20e9 };

  test("given that they are changed, then this instance has them at once", async () => {
    const logger = { warn: () => undefined };
    const settings = new Settings({ ...context, logger }, DEFAULTS);
    expect(await settings.masker()).toBeNull();
    expect((await settings.retentionPlan()).days).toBe(30);

    await changeSetting(context, "masking", masking({ emails: true }));
    await settings.forget();
    await changeSetting(context, "retention", retentionSchema.parse({ days: 7 }));
    await settings.forget();

    expect((await settings.masker())?.maskText("a@b.example").text).toBe("[masked]");
    expect(await settings.retention()).toEqual({
      days: 7,
      counts_days: null,
      rules: [],
      max_disk_gb: null,
    });
    expect(settings.retentionDefaults).toEqual({ default_days: 30, default_max_disk_gb: 20 });
    expect((await new Settings({ ...context, logger }, DEFAULTS).retentionPlan()).days).toBe(7);
  });

  test("given that the database fails, then what was known holds", async () => {
    let isBroken = false;
    const warnings: unknown[] = [];
    const flaky = new Proxy(context.db, {
      get(db, name) {
        if (isBroken && name === "select") throw new Error("connection lost");
        return Reflect.get(db, name);
      },
    });
    const settings = new Settings(
      { ...context, db: flaky, logger: { warn: (what: unknown) => void warnings.push(what) } },
      DEFAULTS,
    );
    expect((await settings.retentionPlan()).days).toBe(7);
    isBroken = true;
    await changeSetting(context, "retention", retentionSchema.parse({ days: 9 }));
    await settings.forget();

    expect((await settings.retentionPlan()).days).toBe(7);
    expect(warnings).toHaveLength(1);
    await expect(
      new Settings({ ...context, db: flaky, logger: { warn: () => undefined } }, DEFAULTS).masker(),
    ).rejects.toThrow("connection lost");
  });
});
