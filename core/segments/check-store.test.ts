import { mkdtempSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { ingestOf, sendEntries, testDatabase } from "@/core/testing/test-database";
import { checkStore } from "./check-store";
import { sealSegments } from "./seal-segments";
import { createSegments } from "./segments";

const context = testDatabase("2026-03-10T12:00:00Z");

/** As another instance has it, with a folder of its own. */
const another = () => {
  const folder = mkdtempSync(path.join(context.folder, "another-"));
  const memoryBytes = 64 * 1024 * 1024;
  return { ...context, segments: createSegments({ folder, scratch: path.join(folder, "scratch"), memoryBytes }) };
};

test("given two instances, then they must share what is sealed as soon as there is something", async () => {
  await checkStore(context, true);
  await checkStore(context, true);
  const other = another();
  // Nothing is sealed: the database goes with the store of whoever starts last, and the first must not seal elsewhere.
  await checkStore(other, true);
  await expect(sealSegments(context)).rejects.toThrow("in another place than");

  await sendEntries(ingestOf(context), [{ service: "s", message: "m", timestamp: "2026-03-08T10:00:00Z" }]);
  await sealSegments(other);
  await expect(checkStore(context, true)).rejects.toThrow("set CORDWOOD_SEGMENTS");
  await checkStore(other, true);
});
