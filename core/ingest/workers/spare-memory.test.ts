import { expect, test } from "vitest";
import type { BlockMemory } from "@/core/ingest/row-block";
import { LIMITS } from "@/core/limits";
import { SpareMemory } from "./spare-memory";

const MIB = 1024 * 1024;

const memoryOf = (bytes: number): BlockMemory => ({
  bytes: new ArrayBuffer(bytes),
  starts: new Uint32Array(64),
  indices: new Uint32Array(64),
});

const usedBy = (spare: SpareMemory, capacity: number) => spare.blockFor(capacity).toMemory([]).bytes;

test("given memory of a block that is done with, when one that fits into it is made, then it has that memory, and the next one has its own", () => {
  const spare = new SpareMemory();
  const memory = memoryOf(2 * MIB);
  spare.add(memory);
  expect(usedBy(spare, 3 * MIB)).not.toBe(memory.bytes);
  expect(usedBy(spare, MIB)).toBe(memory.bytes);
  expect(usedBy(spare, MIB)).not.toBe(memory.bytes);
});

test("given more memory than may be kept, then what is beyond is not", () => {
  const spare = new SpareMemory();
  const all = Array.from({ length: LIMITS.spareBlockBytes / MIB + 3 }, () => memoryOf(MIB));
  for (const memory of all) spare.add(memory);
  const again = all.map(() => usedBy(spare, MIB));
  expect(again.filter((bytes) => all.some((memory) => memory.bytes === bytes))).toHaveLength(
    LIMITS.spareBlockBytes / MIB,
  );
});
