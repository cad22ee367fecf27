import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { timeOf } from "@/core/testing/grows-evenly";
import { DIGEST_BYTES, DigestSet } from "./digest-set";

/** A set, and the bytes that it says it keeps. */
function counting() {
  const kept = { bytes: 0 };
  const set = new DigestSet((bytes) => {
    kept.bytes += bytes;
  });
  return { set, kept };
}

const setOf = (texts: readonly string[]): DigestSet => {
  const { set } = counting();
  for (const text of texts) set.addText(text);
  return set;
};

const texts = fc.array(
  fc.oneof(
    fc.string({ unit: "binary" }).map((text) => text.replaceAll("\0", "")),
    fc.constantFrom("\ud800", "\ud801", "�", '"\\ud800"'),
  ),
  {
    maxLength: 300,
  },
);

test("given any texts, in sets that are joined, then as many are counted as differ", () => {
  fc.assert(
    fc.property(texts, texts, (some, others) => {
      const set = setOf(some);
      set.addDigests(setOf(others).all());
      set.addDigests(setOf(some).all());
      // JSON tells halves of characters apart too.
      expect(set.size).toBe(new Set([...some, ...others].map((text) => JSON.stringify(text))).size);
    }),
  );
});

test("given a hundred thousand texts, each twice, then each is counted once, in a tenth of the room of texts", () => {
  const { set, kept } = counting();
  for (let time = 0; time < 2; time++) {
    for (let number = 0; number < 100_000; number++) set.addText(`request-${number}`);
  }
  expect(set.size).toBe(100_000);
  expect(set.all()).toHaveLength(100_000 * DIGEST_BYTES);
  expect(kept.bytes).toBeGreaterThanOrEqual(100_000 * DIGEST_BYTES);
  expect(kept.bytes).toBeLessThan(100_000 * 30);
});

test("given sets of very many that are joined, then that takes no more time than making them ten times over", () => {
  const numbers = Array.from({ length: 300_000 }, (_, number) => String(number));
  const set = setOf(numbers);
  const join = () => {
    const joined = counting().set;
    for (let time = 0; time < 3; time++) joined.addDigests(set.all());
    expect(joined.size).toBe(numbers.length);
  };
  // The least of three rounds each, as a busy machine makes single ones long.
  const least = (work: () => void) => Math.min(...[1, 2, 3].map(() => timeOf(work)));
  expect(least(join)).toBeLessThan(10 * least(() => setOf(numbers)));
});

test("given digests that begin alike, or are all zeros, then they are told apart", () => {
  const { set } = counting();
  const alike = Array.from({ length: 50 }, (_, last) => {
    const digest = Buffer.alloc(DIGEST_BYTES, 0xff);
    digest[DIGEST_BYTES - 1] = last;
    return digest;
  });
  set.addDigests(Buffer.concat([Buffer.alloc(DIGEST_BYTES), ...alike, ...alike]));
  expect(set.size).toBe(51);
  expect(set.all()).toHaveLength(51 * DIGEST_BYTES);
});

test("given digests that another program made of texts, then they are those of the texts", () => {
  const set = setOf(["größe", "a"]);
  for (const text of ["größe", "b"]) {
    set.addDigests(createHash("sha1").update(text).digest().subarray(0, DIGEST_BYTES));
  }
  expect(set.size).toBe(3);
});
