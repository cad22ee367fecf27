import { createHash } from "node:crypto";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

/** How long a file is, and its SHA-256 in hexadecimal digits. */
export type Measured = { bytes: number; checksum: string };

/** Reads all of it. @throws what reading does */
export async function measure(file: Readable): Promise<Measured> {
  const hash = createHash("sha256");
  let bytes = 0;
  await pipeline(file, async (pieces: AsyncIterable<Buffer>) => {
    for await (const piece of pieces) {
      hash.update(piece);
      bytes += piece.length;
    }
  });
  return { bytes, checksum: hash.digest("hex") };
}

/** What is wrong with a file, for people; null when it is what it should be. */
export function differenceOf(found: Measured, expected: Measured): string | null {
  if (found.bytes === expected.bytes && found.checksum === expected.checksum) return null;
  return found.bytes === expected.bytes
    ? "its bytes are not those that were stored"
    : `it has ${found.bytes} bytes where there should be ${expected.bytes}`;
}
