import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { promisify } from "node:util";
import { expect, test } from "vitest";

/** What is started by itself, and not only imported. */
const programs = ["bin", "bench"]
  .flatMap((folder) => readdirSync(folder).map((name) => `${folder}/${name}`))
  .filter(
    (file) =>
      file.endsWith(".ts") &&
      !file.endsWith(".test.ts") &&
      /^\s*(const .* = )?read(Options|Arguments)\(/m.test(readFileSync(file, "utf8")),
  );
const scripts = Object.values<string>(JSON.parse(readFileSync("package.json", "utf8")).scripts).flatMap(
  (script) => /(?:bin|bench)\/[\w-]+\.ts/.exec(script)?.[0] ?? [],
);
const run = (file: string, option: string) => promisify(execFile)(process.execPath, ["--import", "tsx", file, option]);

test("given the scripts of package.json, then each program that they start is among those that are tried", () => {
  expect(programs).toEqual(expect.arrayContaining(scripts));
});

test.each(programs)(
  "given %s with --help, then it says what it does and does nothing",
  async (file) => {
    const { stdout, stderr } = await run(file, "--help");

    expect(stdout).toMatch(/^(npm|node) .* \[options\].*\n.+\.\n\n[\s\S]* {2}--help +print this\n$/);
    expect(stderr).toBe("");
  },
  60_000,
);

test("given an option that is unknown, then the program ends with its help", async () => {
  await expect(run("bin/demo.ts", "--colour")).rejects.toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/--colour[\s\S]*npm run demo -- \[options\]/),
  });
}, 60_000);
