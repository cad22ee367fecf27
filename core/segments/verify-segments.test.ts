import { execFile } from "node:child_process";
import { mkdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import path from "node:path";
import { sql } from "drizzle-orm";
import { expect, test } from "vitest";
import { ingestOf, sendEntries, testDatabase } from "@/core/testing/test-database";
import { countProblems } from "./count-problems";
import { sealSegments } from "./seal-segments";
import { verifyDueSegments } from "./verify-due-segments";
import { verifySegments } from "./verify-segments";

const context = testDatabase("2026-03-10T12:00:00Z");
const fileOf = (segment: string) => path.join(context.folder, "segments", segment);

/** As `npm run segments --` does, beside the database of the test. */
const run = (...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> =>
  new Promise((resolve) => {
    const env = { ...process.env, DATABASE_URL: context.url, CORDWOOD_DATA_DIR: context.folder };
    const program = ["--import", "tsx", "bin/segments.ts", ...args];
    execFile(process.execPath, program, { env }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    );
  });

const checked = async () => {
  const found: [string, string | null][] = [];
  for await (const { segment, said } of verifySegments(context)) found.push([segment.path, said]);
  return found;
};

test("given files of which some are missing or damaged, then each of them is named, the others are whole, and what is repaired is known to be", async () => {
  const days = ["2026-03-04", "2026-03-05", "2026-03-06", "2026-03-07"];
  await sendEntries(
    ingestOf(context),
    days.map((day) => ({ service: "shop", message: `line of ${day}`, timestamp: `${day}T10:00:00Z` })),
  );
  await sealSegments(context);
  const { rows } = await context.db.execute<{ path: string }>(sql`select path from logs.segments order by id`);
  const [gone = "", short = "", other = "", good = ""] = rows.map(({ path: name }) => name);
  expect(await checked()).toEqual([gone, short, other, good].map((name) => [name, null]));
  expect(await countProblems(context)).toEqual({ missing: 0, damaged: 0 });
  expect(await run("verify")).toEqual({ code: 0, stdout: "", stderr: "4 segments verified, 0 missing or damaged\n" });

  const before = await readFile(fileOf(other));
  await rm(fileOf(gone));
  await truncate(fileOf(short), 100);
  const changed = Buffer.from(before);
  // One bit, somewhere.
  changed[200] = (changed[200] ?? 0) ^ 1;
  await writeFile(fileOf(other), changed);

  const { code, stdout, stderr } = await run("verify");
  expect(code).toBe(1);
  expect(stdout).toMatch(
    new RegExp(
      `^${gone}: missing: .*\\n${short}: damaged: it has 100 bytes .*\\n${other}: damaged: its bytes are not .*\\n$`,
    ),
  );
  expect(stderr).toBe("4 segments verified, 3 missing or damaged\n");
  expect(await countProblems(context)).toEqual({ missing: 1, damaged: 2 });

  const listed = await run("list", "--from", "2026-03-05T00:00:00Z", "--to", "2026-03-07T00:00:00Z");
  expect(listed.stdout.split("\n").map((line) => line.split("\t").slice(2))).toEqual([
    ["entries", "bytes", "state", "path"],
    ["1", expect.any(String), "damaged", short],
    ["1", expect.any(String), "damaged", other],
    [],
  ]);
  const exported = await run("export", "--q", "line", "--format", "ndjson");
  const lines = exported.stdout
    .trimEnd()
    .split("\n")
    .map((line): unknown => JSON.parse(line));
  expect(lines[0]).toMatchObject({ message: "line of 2026-03-07" });
  expect(lines.slice(1)).toMatchObject([{ complete: false, missing_count: 3 }]);
  expect(exported.code).toBe(1);
  expect(exported.stderr.trimEnd().split("\n").sort()).toEqual(
    [
      "3 segments could not be read: the export has nothing of what is in there",
      `${gone} is missing`,
      `${short} is damaged`,
      `${other} is damaged`,
    ].sort(),
  );
  const whole = await run("export", "--from", "2026-03-07T00:00:00Z");
  expect([whole.code, whole.stderr]).toEqual([0, ""]);

  // The job reads what has a problem, and what was not read for a week, and names what it finds in the same way.
  await context.db.execute(sql`update logs.segment_checks set checked_at = '2026-03-10T11:00:00Z'`);
  await writeFile(fileOf(other), before);
  expect(await verifyDueSegments(context)).toEqual({ verified_segments: 3, unreadable_segments: 2 });
  expect(await countProblems(context)).toEqual({ missing: 1, damaged: 1 });
  context.clock.set("2026-03-17T12:00:01Z");
  expect(await verifyDueSegments(context)).toEqual({ verified_segments: 4, unreadable_segments: 2 });
  expect((await checked()).map(([, said]) => said === null)).toEqual([false, false, true, true]);
  expect(await countProblems(context)).toEqual({ missing: 1, damaged: 1 });
}, 120_000);

test("given a file that fails while it is read, then it is damaged, and the others are read", async () => {
  const { rows } = await context.db.execute<{ path: string }>(sql`select path from logs.segments order by id`);
  const [first = "", ...others] = rows.map(({ path: name }) => name);
  await rm(fileOf(first), { recursive: true, force: true });
  // It can be opened, and whoever reads fails.
  await mkdir(fileOf(first));
  const found = await checked();
  expect(found.map(([name]) => name)).toEqual([first, ...others]);
  expect(found[0]?.[1]).toMatch(/^damaged: .*EISDIR/);
  await rm(fileOf(first), { recursive: true });
});

test("given more than one run reads, then it begins with what was never read, and goes on with what was not for longest", async () => {
  await context.db.execute(sql`truncate logs.logs, logs.segments cascade`);
  const days = ["2026-03-10", "2026-03-11", "2026-03-12", "2026-03-13"];
  await sendEntries(
    ingestOf(context),
    days.map((day) => ({ service: "shop", message: `line of ${day}`, timestamp: `${day}T10:00:00Z` })),
  );
  await sealSegments(context);
  await context.db.execute(sql`
    insert into logs.segment_checks (segment, checked_at)
    select id, case extract(day from first_timestamp) when 10 then timestamptz '2026-03-14' when 11 then '2026-03-15' else '2026-03-13' end
    from logs.segments where first_timestamp < '2026-03-13'`);

  const read: unknown[] = [];
  for (const minute of ["00", "01", "02", "03", "04"]) {
    context.clock.set(`2026-03-25T12:${minute}:00Z`);
    await verifyDueSegments(context, 1);
    const { rows } = await context.db.execute(sql`
      select first_timestamp::date::text as day from logs.segments join logs.segment_checks on segment = id
      where checked_at = ${context.clock.now()}::timestamptz`);
    read.push(rows);
  }
  expect(read).toEqual([
    [{ day: "2026-03-13" }],
    [{ day: "2026-03-12" }],
    [{ day: "2026-03-10" }],
    [{ day: "2026-03-11" }],
    [],
  ]);
});

test.each([
  [["verify", "--colour"], "--colour"],
  [[], "say list, verify or export"],
  [["list", "--from", "yesterday"], "--from and --to must be times"],
  [["export", "--q", "message:"], "a value is missing after message:"],
])(
  "given %j, then it says what is wrong and ends with 2",
  async (args, said) => {
    const { code, stderr } = await run(...args);
    expect([code, stderr]).toEqual([2, expect.stringContaining(said)]);
  },
  30_000,
);
