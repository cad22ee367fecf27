import fc from "fast-check";
import { expect, test } from "vitest";
import { ExactSum } from "./exact-sum";

/** Of a double, by whole numbers: it is a whole number of the least that there is. */
function exactly(value: number): bigint {
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, value);
  const all = bits.getBigUint64(0);
  const exponent = Number((all >> 52n) & 0x7ffn);
  const fraction = all & 0xfffffffffffffn;
  const whole = exponent === 0 ? fraction : (fraction | (1n << 52n)) << BigInt(exponent - 1);
  return all >> 63n === 1n ? -whole : whole;
}

const number = fc.oneof(
  fc.integer({ min: -1_000, max: 1_000 }).map((value) => value / 8),
  fc.double({ min: -1e30, max: 1e30, noNaN: true }).filter((value) => value === 0 || Math.abs(value) > 1e-30),
  fc.constantFrom(0.1, 1e20, -1e20, 1e-20, 3),
);
const weighted = fc.tuple(number, fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 2 ** 31 })));

const sumOf = (numbers: readonly (readonly [number, number])[]) => {
  const sum = new ExactSum();
  for (const [value, times] of numbers) sum.addTimes(value, times);
  return sum;
};

test("given any numbers in any order and parts, then their sum is the double next to what they are exactly", () => {
  fc.assert(
    fc.property(fc.array(weighted, { maxLength: 40 }), fc.nat(), (numbers, cut) => {
      const at = cut % (numbers.length + 1);
      const [one, other] = [sumOf(numbers.slice(0, at)), sumOf(numbers.slice(at).toReversed())];
      for (const part of other.parts) one.add(part);
      const total = one.total();
      expect(total).toBe(sumOf(numbers).total());
      const exact = numbers.reduce((all, [value, times]) => all + exactly(value) * BigInt(times), 0n);
      const far = (value: number) => {
        const off = exactly(value) - exact;
        return off < 0n ? -off : off;
      };
      const step = Math.max(Math.abs(total) * 2 ** -52, Number.MIN_VALUE);
      expect(far(total) <= far(total + step) && far(total) <= far(total - step)).toBe(true);
    }),
    { numRuns: 1_000 },
  );
});

test("given what cancels out, then what is left is there", () => {
  expect(sumOf([1, 1e20, 1, -1e20].map((value) => [value, 1] as const)).total()).toBe(2);
  expect(sumOf([[0.1, 10]]).total()).toBe(1);
  expect(sumOf([]).total()).toBe(0);
});
