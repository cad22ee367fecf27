import fc from "fast-check";
import { expect, test } from "vitest";
import type { Segment } from "../catalogue";
import type { BlocksOf } from "./block-cache";
import { type Chunk, candidatesOf, cutChunks, inOrder, type Portion, planChunks } from "./plan-chunks";

const END = 60;

/** Blocks of segments as their first and last moment, one behind the other or with some between them. */
const anyBlocks = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 8 }), fc.integer({ min: 0, max: 12 })), { minLength: 1, maxLength: 5 })
  .chain((steps) =>
    fc.integer({ min: -10, max: END }).map((start) => {
      let at = start;
      return steps.map(([gap, length]) => {
        const first = at + gap;
        at = first + length;
        return { first, last: at };
      });
    }),
  );

const anyGiven = fc.record({
  segments: fc.array(fc.record({ blocks: anyBlocks, isKnown: fc.boolean() }), { maxLength: 8 }),
  portions: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 8 }),
  span: fc.tuple(fc.integer({ min: -5, max: 30 }), fc.integer({ min: 1, max: 40 })),
  rows: fc.oneof(fc.integer({ min: 1, max: 30 }), fc.constant(Number.POSITIVE_INFINITY)),
  ascending: fc.boolean(),
});

function segmentOf(id: number, blocks: readonly { first: number; last: number }[]): Segment {
  const [first, last] = [blocks[0], blocks.at(-1)];
  return {
    id,
    path: String(id),
    firstMicros: first?.first ?? 0,
    lastMicros: last?.last ?? 0,
    rows: blocks.length * 10,
    bytes: 1,
    textBytes: null,
    checksum: "",
    services: null,
    levels: [],
    hidden: null,
    hiddenRows: 0,
    problem: null,
    attributeColumns: [],
  };
}

test("given any segments that lie over one another, known portion by portion, then each moment of each block is read once, in the order of time", async () => {
  await fc.assert(
    fc.asyncProperty(anyGiven, async ({ segments: given, portions: sizes, span: [from, length], rows, ascending }) => {
      const span = { from, to: from + length };
      const segments = given.map(({ blocks }, id) => segmentOf(id, blocks));
      const blocksOf: BlocksOf = new Map(
        given.map(({ blocks, isKnown }, id) => [
          id,
          isKnown
            ? blocks.map(({ first, last }) => ({
                firstMicros: first,
                lastMicros: last,
                rows: 10,
                words: null,
                ranges: {},
              }))
            : null,
        ]),
      );
      const ordered = inOrder(segments, span, ascending);
      let known = 0;
      async function* portions(): AsyncGenerator<Portion> {
        for (let number = 0; known < ordered.length; number++) {
          const size = sizes[number % sizes.length] ?? 1;
          const candidates = candidatesOf(
            ordered.slice(known, known + size),
            blocksOf,
            { words: { plain: [], escaped: [] }, ranges: [] },
            span,
          );
          known += size;
          yield { candidates, next: ordered[known] };
        }
      }
      const chunks: Chunk[] = [];
      for await (const chunk of planChunks(portions(), span, () => rows, ascending)) {
        // What is not known yet lies behind it.
        for (const { firstMicros, lastMicros } of ordered.slice(known)) {
          expect(ascending ? firstMicros >= chunk.to : lastMicros < chunk.from).toBe(true);
        }
        chunks.push(chunk);
      }
      if (rows === Number.POSITIVE_INFINITY) expect(chunks.length).toBeLessThanOrEqual(1);
      for (const [index, chunk] of chunks.entries()) {
        expect(chunk.from).toBeLessThan(chunk.to);
        const before = chunks[index - 1];
        if (before) expect(ascending ? chunk.from : chunk.to).toBe(ascending ? before.to : before.from);
        else expect(ascending ? chunk.from : chunk.to).toBe(ascending ? span.from : span.to);
        expect(new Set(chunk.reads.map(({ segment }) => segment)).size).toBe(chunk.reads.length);
        for (const { spans } of chunk.reads) {
          for (const one of spans) expect([one.from >= chunk.from, one.to <= chunk.to]).toEqual([true, true]);
        }
      }
      for (const [id, { blocks, isKnown }] of given.entries()) {
        const whole = segments[id];
        if (!whole) throw new Error("every segment was given");
        const expected = isKnown ? blocks : [{ first: whole.firstMicros, last: whole.lastMicros }];
        for (let moment = span.from; moment < span.to; moment++) {
          const times = chunks
            .flatMap(({ reads }) => reads.filter(({ segment }) => segment.id === id))
            .flatMap(({ spans }) => spans.filter((one) => one.from <= moment && moment < one.to)).length;
          const isInBlock = expected.some(({ first, last }) => first <= moment && moment <= last);
          expect(times).toBe(isInBlock ? 1 : 0);
        }
      }
    }),
    { numRuns: 2_000 },
  );
});

test("given blocks of segments and how many rows may be read at once, then each moment of each block is in one piece, and pieces are hardly larger", () => {
  fc.assert(
    fc.property(fc.array(anyBlocks, { maxLength: 4 }), fc.integer({ min: 1, max: 40 }), (given, most) => {
      const span = { from: 0, to: END };
      const blocksOf: BlocksOf = new Map(
        given.map((blocks, id) => [
          id,
          blocks.map(({ first, last }) => ({
            firstMicros: first,
            lastMicros: last,
            rows: 10,
            words: null,
            ranges: {},
          })),
        ]),
      );
      const segments = given.map((blocks, id) => segmentOf(id, blocks));
      const scope = { words: { plain: [], escaped: [] }, ranges: [] };
      const candidates = candidatesOf(segments, blocksOf, scope, span);
      const chunks = cutChunks(candidates, span, most);
      for (const [index, chunk] of chunks.entries()) {
        expect(chunk.from).toBeGreaterThanOrEqual(chunks[index - 1]?.to ?? span.from);
        expect(chunk.from).toBeLessThan(chunk.to);
        const ends = candidates.map(({ end }) => end).filter((end) => end > chunk.from && end <= chunk.to);
        // Those that end at one moment can't be told apart by time.
        const rows = 10 * (ends.filter((end) => end < Math.max(...ends)).length + 1);
        expect(rows).toBeLessThanOrEqual(Math.max(most, 10));
      }
      for (const [id, blocks] of given.entries()) {
        for (let moment = span.from; moment < span.to; moment++) {
          const times = chunks
            .flatMap(({ reads }) => reads.filter(({ segment }) => segment.id === id))
            .flatMap(({ spans }) => spans.filter((one) => one.from <= moment && moment < one.to)).length;
          expect(times).toBe(blocks.some(({ first, last }) => first <= moment && moment <= last) ? 1 : 0);
        }
      }
    }),
    { numRuns: 1_000 },
  );
});
