import fc from "fast-check";
import { expect, test } from "vitest";
import { GRID, type Panel } from "@/core/dashboards/definition";
import { ARRANGEMENTS, arranged, compacted, inOrder } from "./arrange";

const text = (id: string, x: number, y: number, width: number, height: number): Panel => ({
  id,
  kind: "text",
  title: "",
  text: id,
  x,
  y,
  width,
  height,
});
const placesOf = (panels: readonly Panel[]) =>
  inOrder(panels).map(({ id, x, y, width, height }) => `${id} ${x},${y} ${width}x${height}`);

const SIDE_BY_SIDE = [text("a", 0, 0, 6, 4), text("b", 6, 0, 6, 4), text("c", 0, 4, 12, 3)];

test.each([
  ["a", "right", ["a 1,0 6x4", "b 6,4 6x4", "c 0,8 12x3"]],
  ["a", "left", null],
  ["b", "right", null],
  ["c", "up", ["c 0,0 12x3", "a 0,3 6x4", "b 6,3 6x4"]],
  ["a", "down", ["b 6,0 6x4", "c 0,4 12x3", "a 0,7 6x4"]],
  ["a", "up", null],
  ["c", "down", null],
  ["a", "narrower", ["a 0,0 5x4", "b 6,0 6x4", "c 0,4 12x3"]],
  ["b", "wider", null],
  ["a", "higher", ["a 0,0 6x5", "b 6,0 6x4", "c 0,5 12x3"]],
  ["c", "lower", ["a 0,0 6x4", "b 6,0 6x4", "c 0,4 12x2"]],
] as const)(
  "given two panels above a third, when %s is moved or sized %s, then the others make room",
  (id, how, places) => {
    const result = arranged(SIDE_BY_SIDE, id, how);
    if (places === null) expect(result).toBe(SIDE_BY_SIDE);
    else expect(placesOf(result)).toEqual(places);
  },
);

const size = fc.record({
  x: fc.nat(11),
  y: fc.nat(30),
  width: fc.integer({ min: 1, max: 12 }),
  height: fc.integer({ min: 2, max: 9 }),
});
const some = fc
  .array(size, { minLength: 1, maxLength: 8 })
  .map((all) =>
    all.map(({ x, y, width, height }, index) => text(`p${index}`, Math.min(x, 12 - width), y, width, height)),
  );

test("given any panels and any steps, then none stands on another or outside, none is lost, and there are no empty rows", () => {
  const step = fc.tuple(fc.nat(7), fc.constantFrom(...ARRANGEMENTS.map(({ name }) => name)));
  fc.assert(
    fc.property(some, fc.array(step, { maxLength: 12 }), (panels, steps) => {
      let now = compacted(panels);
      for (const [place, how] of steps) now = arranged(now, `p${place}`, how);
      expect(now.map(({ id }) => id)).toEqual(panels.map(({ id }) => id));
      const taken = new Set<string>();
      for (const { x, y, width, height } of now) {
        expect(x >= 0 && y >= 0 && x + width <= GRID.columns).toBe(true);
        for (let column = x; column < x + width; column++) {
          for (let row = y; row < y + height; row++) {
            expect(taken.has(`${column},${row}`)).toBe(false);
            taken.add(`${column},${row}`);
          }
        }
      }
      const rows = new Set([...taken].map((cell) => Number(cell.split(",")[1])));
      expect(Math.max(...rows) + 1).toBe(rows.size);
    }),
    { numRuns: 300 },
  );
});
