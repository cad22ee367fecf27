import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type ReadLine, readLine } from "@/core/testing/read-line";
import { NAMES } from "./recognise/names";
import { readTime } from "./recognise/read-time";

type Member = [name: string, value: unknown];

const known = Object.values(NAMES).flat();
const names = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...known, "tags", "attributes", "context", "metadata", "hostname") },
  { weight: 1, arbitrary: fc.constantFrom("log", "fields", "kubernetes", "container", "level_original", "user_2") },
  { weight: 3, arbitrary: fc.constantFrom("user", "USER", "a.b", "stream", "time") },
  { weight: 1, arbitrary: fc.string({ unit: "grapheme" }) },
);
const texts = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc.constantFrom("warn", "ERROR", "2026-11-26T15:00:00Z", "\u001b[31mred\u001b[0m", "Hi {user}", "{", '{"a":', " \n"),
);
/** Objects of this kind stand in lines, within members, and as text in messages. */
const { object } = fc.letrec<{ object: Member[]; value: unknown }>((tie) => ({
  object: fc.uniqueArray(fc.tuple(names, tie("value")), { selector: ([name]) => name, minLength: 1, maxLength: 6 }),
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    texts,
    fc.constantFrom<unknown>(null, true, 0, 40, -1.5, 1_795_705_200, 1e21, [], ["x", "y"], [1]),
    tie("object").map((members) => Object.fromEntries(members)),
    tie("object").map((members) => JSON.stringify(Object.fromEntries(members))),
  ),
}));

/** What must not be stored, by the limits of an entry (core/limits.ts) and PostgreSQL. */
const REJECTED = /^(timestamp is more|service must have 1 to 200|a string holds)/;

/** Under which what was sent is kept when it is stored as something else. */
const KEPT = /^(level_original|timestamp_original|message_template|message_ansi)(_\d+)?$/;

/** Whether a value is found again as what an entry has, or among its attributes, as it is or member by member. */
function isFound(row: ReadLine, name: string, value: unknown): boolean {
  if (value === null && (known as string[]).some((one) => one.toLowerCase() === name.toLowerCase())) return true;
  for (const [stored, other] of Object.entries(row.attributes)) {
    const isName = stored === name || (stored.startsWith(`${name}_`) && /^\d+$/.test(stored.slice(name.length + 1)));
    if (isName && isDeepStrictEqual(other, value)) return true;
  }
  const kept = Object.entries(row.attributes).filter(([stored]) => KEPT.test(stored));
  if (kept.some(([, other]) => isDeepStrictEqual(other, value))) return true;
  if (isDeepStrictEqual(row.tags, value)) return true;
  const text = typeof value === "string" ? value : JSON.stringify(value);
  if (text === row.message || text.replace(/\r?\n$/, "") === row.message || text === row.service) return true;
  if (readTime(Buffer.from(text), 0, Buffer.byteLength(text)) === Number(row.micros)) return true;
  if (isLevel(name, value, row.level)) return true;
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return areFound(row, Object.entries(value));
  const inner = typeof value === "string" ? membersOf(value) : null;
  return inner !== null && areFound(row, inner);
}

/** A level that is not this one, so that it is seen whether it was read. */
const OTHER: Readonly<Record<string, number>> = { info: 0 };

/** The same level says the same by its name. */
function isLevel(name: string, value: unknown, level: string): boolean {
  const row = readLine(JSON.stringify({ [name]: value, message: "" }), { level: OTHER[level] });
  return typeof row !== "string" && row.level === level && Object.keys(row.attributes).length === 0;
}

/** Of an object as text; null for any other text. */
function membersOf(text: string): Member[] | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? Object.entries(value) : null;
  } catch {
    return null;
  }
}

const areFound = (row: ReadLine, members: readonly Member[]): boolean =>
  members.every(([name, value]) => isFound(row, name, value));

test("given any JSON object as a line, then it is stored, and every member is found again", () => {
  fc.assert(
    fc.property(object, (members) => {
      const line = JSON.stringify(Object.fromEntries(members));
      const row = readLine(line);
      if (typeof row === "string") expect(row).toMatch(REJECTED);
      else
        for (const [name, value] of Object.entries(JSON.parse(line)))
          expect(isFound(row, name, value), `${name} of ${line} in ${JSON.stringify(row)}`).toBe(true);
    }),
    { numRuns: 3_000 },
  );
});

test("given a line with pieces of others in it, then it is stored or rejected with a reason, and never anything else", () => {
  const line = object.map((members) => JSON.stringify(Object.fromEntries(members)));
  const piece = fc.oneof(
    line,
    fc.constantFrom("{", "}", '"', "\\", "\\u0000", "\\ud800", "[", ",", ":", "null", "1e9"),
  );
  const parameters = { fields: { message: "a.b", service: "user" }, ignored: ["log", "user.a"], tags: ["t"] };
  fc.assert(
    fc.property(line, piece, fc.nat(), fc.nat(50), fc.boolean(), (text, inserted, place, removed, hasParameters) => {
      const at = place % (text.length + 1);
      const row = readLine(
        (text.slice(0, at) + inserted + text.slice(at + removed)).toWellFormed(),
        hasParameters ? parameters : {},
      );
      if (typeof row === "string") expect(row).not.toBe("");
      else expect(row.attributes).toBeTypeOf("object");
    }),
    { numRuns: 2_000 },
  );
});
