import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";
import { PROGRAMS } from "./build";
import { bundlePrograms } from "./bundle-programs";

const mapSchema = z.object({ sources: z.array(z.string()) });

test("given the programs as they are built, then a change of any source that they are made from builds them anew", async () => {
  const folder = path.join(mkdtempSync(path.join(os.tmpdir(), "cordwood-build-")), "programs");
  try {
    await bundlePrograms(folder, true);
    const maps = readdirSync(folder).filter((name) => name.endsWith(".map"));
    const sources = maps.flatMap(
      (name) => mapSchema.parse(JSON.parse(readFileSync(path.join(folder, name), "utf8"))).sources,
    );
    const folders = new Set(
      sources.map((source) => path.relative(process.cwd(), path.resolve(folder, source)).split(path.sep)[0]),
    );
    expect(folders).toContain("bin");
    expect([...folders].filter((name) => name !== undefined && !PROGRAMS.sources.includes(name))).toEqual([]);
  } finally {
    rmSync(path.dirname(folder), { recursive: true });
  }
});
