import fc from "fast-check";
import { expect, test } from "vitest";
import { CountingTexts } from "./text-counts";

const ORDER = { micros: 0, id: 0n };
const WORDS = 30_000;

/** The place of a word, those of small ones far more often: by a share from 0 to 1. */
const placeOf = (share: number) => Math.floor(WORDS * share ** 6);

/** Numbers from 0 to 1 that look like chance and are the same for a seed (Knuth's linear congruence, as of "Numerical Recipes"). */
function* shares(seed: number): Generator<number> {
  for (let state = seed; ; ) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    yield state / 2 ** 32;
  }
}

test("given more different texts than are kept, in parts that are joined, then no other text came more often than is said of them", () => {
  const streams = fc.record({
    seed: fc.nat(),
    parts: fc.integer({ min: 1, max: 5 }),
    most: fc.integer({ min: 1, max: 60 }),
  });
  fc.assert(
    fc.property(streams, ({ seed, parts, most }) => {
      let kept = 0;
      const keep = (bytes: number) => {
        kept += bytes;
      };
      const options = { keep, leaveOut: () => undefined };
      const plain = new Map<string, number>();
      const whole = new CountingTexts(options);
      const random = shares(seed);
      for (let part = 0; part < parts; part++) {
        const counting = new CountingTexts(options);
        for (let index = 0; index < 120_000 / parts; index++) {
          const text = `word ${placeOf(random.next().value)}`;
          plain.set(text, (plain.get(text) ?? 0) + 1);
          counting.add([text], ORDER, 1);
        }
        whole.merge(JSON.parse(JSON.stringify(counting.state())));
      }
      const { having, texts, frequent } = whole.counts();
      expect([having, texts]).toEqual([120_000, null]);
      const found = frequent?.candidates(most, () => true) ?? { texts: [], others: 0 };
      expect(found.texts.length).toBeLessThanOrEqual(most);
      const unnamed = [...plain].filter(([text]) => !found.texts.includes(text));
      expect(Math.max(...unnamed.map(([, count]) => count))).toBeLessThanOrEqual(found.others);
      // The first word comes some 21,000 times.
      expect(plain.get(found.texts[0] ?? "")).toBeGreaterThan(found.others);
      // So much is held at most by each part and the whole, of 10,000 texts of ten characters.
      expect(kept).toBeLessThan((parts + 1) * 10_001 * 120);
    }),
    { numRuns: 10 },
  );
});
