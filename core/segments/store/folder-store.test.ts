import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { FolderStore } from "./folder-store";

const folder = mkdtempSync(path.join(os.tmpdir(), "cordwood-store-"));
afterAll(() => rmSync(folder, { recursive: true }));

test("given days with many files, then each is listed, and others are not", async () => {
  const expected: string[] = [];
  for (const day of ["2026/01/01", "2026/01/02", "2026/02/01"]) {
    mkdirSync(path.join(folder, day), { recursive: true });
    for (let index = 0; index < 70; index++) {
      expected.push(`${day}/${index}.parquet`);
      writeFileSync(path.join(folder, day, `${index}.parquet`), "x");
      writeFileSync(path.join(folder, day, `${index}.text`), "x");
    }
  }
  const found: string[] = [];
  for await (const file of new FolderStore(folder).list()) found.push(file.path);
  expect(found.sort()).toEqual(expected.sort());
});
