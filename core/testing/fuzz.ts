import fc from "fast-check";
import { expect } from "vitest";
import type { ProtocolDecoder } from "@/core/ingest/decode/decoder";
import { readEntries } from "./read-entries";

/** How many inputs each parser gets; more by the variable FUZZ_RUNS. */
export const MUTATIONS = Number(process.env.FUZZ_RUNS ?? 5_000);

/** What can go wrong on the way: bytes that are changed, lost, doubled, or come from somewhere else. */
export function mutatedOf(good: Buffer): fc.Arbitrary<Buffer> {
  const place = fc.nat(good.length - 1);
  const changed = fc
    .array(fc.tuple(place, fc.nat(255)), { minLength: 1, maxLength: 3 })
    .map((changes) => good.map((old, index) => changes.find(([at]) => at === index)?.[1] ?? old));
  const cut = fc.tuple(place, place).map(([from, end]) => Buffer.concat([good.subarray(0, from), good.subarray(end)]));
  const inserted = fc
    .tuple(place, fc.uint8Array({ maxLength: 8 }))
    .map(([at, bytes]) => Buffer.concat([good.subarray(0, at), bytes, good.subarray(at)]));
  return fc.oneof(changed, cut, inserted, fc.uint8Array({ maxLength: 200 })).map((bytes) => Buffer.from(bytes));
}

/**
 * Gives a parser what no sender should send, in two pieces: each is read, or refused as a fault of the sender, never anything else.
 * @param good an input that can be read, of which others are made
 */
export function fuzz(format: ProtocolDecoder, good: string | Buffer): void {
  fc.assert(
    fc.property(mutatedOf(Buffer.from(good)), fc.nat(), (body, cut) => {
      const middle = body.length === 0 ? 0 : cut % body.length;
      try {
        readEntries(format, [body.subarray(0, middle), body.subarray(middle)]);
      } catch (error) {
        expect(error).toMatchObject({ kind: expect.stringMatching(/^(invalid|too_large)$/) });
      }
    }),
    { numRuns: MUTATIONS },
  );
}
