import { createReadStream, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { FolderStore } from "./folder-store";
import { measure } from "./measure";

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

test("given a file that is stored, then it is there as it was, in folders that are made for it", async () => {
  const [file, store] = [path.join(folder, "local"), new FolderStore(path.join(folder, "new", "store"))];
  writeFileSync(file, "entries");
  const segment = { path: "2026/03/01/one.parquet", ...(await measure(createReadStream(file))) };
  await store.put(segment, file);
  expect(await store.measure(segment.path)).toEqual({ bytes: segment.bytes, checksum: segment.checksum });
  expect(readdirSync(path.join(folder, "new", "store", "2026", "03", "01"))).toEqual(["one.parquet"]);
});

test("given a folder that gives back something else than it was given, then it is said, and nothing is there", async () => {
  const [file, store] = [path.join(folder, "local"), new FolderStore(path.join(folder, "wrong"))];
  writeFileSync(file, "entries");
  const { checksum, bytes } = await measure(createReadStream(file));
  // What comes to the folder is not what was written and checked, as a disk or a share may do.
  writeFileSync(file, "Entries");
  const stored = store.put({ path: "2026/03/01/one.parquet", bytes, checksum }, file);
  await expect(stored).rejects.toThrow("one.parquet could not be stored in");
  await expect(stored).rejects.toThrow("its bytes are not those that were stored");
  expect(readdirSync(path.join(folder, "wrong", "2026", "03", "01"))).toEqual([]);
});

test("given files and folders that go while they are listed, then the others are listed", async () => {
  const listed = path.join(folder, "listed");
  for (const day of ["01", "02", "03"]) {
    mkdirSync(path.join(listed, day), { recursive: true });
    for (const name of ["a", "b"]) writeFileSync(path.join(listed, day, `${name}.parquet`), "x");
  }
  const found: string[] = [];
  for await (const file of new FolderStore(listed).list()) {
    found.push(file.path);
    // All names of a small folder are read at once, so what goes now is among them.
    for (const day of ["01", "02", "03"]) {
      if (!file.path.startsWith(day)) rmSync(path.join(listed, day), { recursive: true, force: true });
      else
        for (const name of ["a", "b"])
          if (!file.path.endsWith(`${name}.parquet`)) rmSync(path.join(listed, day, `${name}.parquet`));
    }
  }
  expect(found).toHaveLength(1);
});
