import { execFile } from "node:child_process";
import { existsSync, lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import pg from "pg";
import { afterAll, expect, test } from "vitest";
import { removeDataFolder } from "@/db/embedded/data-folder";
import { type EmbeddedServer, startEmbeddedServer } from "@/db/embedded/embedded-server";
import { lockFolder } from "@/db/embedded/folder-lock";
import { migrateDatabase } from "@/db/migrate";

const folder = mkdtempSync(path.join(os.tmpdir(), "cordwood-backup-"));
const inFolder = (name: string) => path.join(folder, name);
/** That somebody else than its user may do something with. */
const openTo = (name: string) =>
  readdirSync(inFolder(name), { recursive: true, withFileTypes: true })
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter((file) => !lstatSync(file).isSymbolicLink() && (lstatSync(file).mode & 0o077) !== 0);
const removed = ["data", "restored"].map(inFolder);
afterAll(() => {
  for (const dataDir of removed) removeDataFolder(dataDir);
  rmSync(folder, { recursive: true, force: true });
});

/** As npm starts it, from the tests' folder. */
async function run(program: "backup" | "restore" | "segments", dataDir: string, ...given: string[]) {
  const env = { ...process.env, INIT_CWD: folder, CORDWOOD_DATA_DIR: inFolder(dataDir), DATABASE_URL: "" };
  const started = promisify(execFile)(process.execPath, ["--import", "tsx", `bin/${program}.ts`, ...given], { env });
  return started.then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    (error: { code: number; stdout: string; stderr: string }) => error,
  );
}

async function ask(server: EmbeddedServer, statement: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: server.connectionString });
  await client.connect();
  return client
    .query(statement)
    .then(({ rows }) => rows)
    .finally(() => client.end());
}

test("given an embedded database that is in use, then the programs make a backup of it and restore it into a new data folder only", async () => {
  expect(await run("backup", "data", "place")).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/^There is no database in .*\.\n$/),
  });

  const lock = await lockFolder(inFolder("data"));
  const server = await startEmbeddedServer(inFolder("data"), () => undefined);
  await migrateDatabase(server.connectionString);
  await ask(server, "insert into logs.settings (name, value, updated_at) values ('a setting', '42', now())");
  await promisify(execFile)("sh", [
    "-c",
    `printf secret-of-the-folder-and-so-on-and-on > '${inFolder("data")}/secret'`,
  ]);

  // What a shell mostly has.
  const umask = process.umask(0o022);
  const made = await run("backup", "data", "place", "--keep", "2");
  expect(made).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^\d{8}T\d{6}Z-[0-9a-f]{8}\t.*\t0 segments\t\d+ bytes\n$/),
  });
  const id = made.stdout.split("\t")[0] ?? "";
  expect(await run("backup", "data", "place", "--list")).toMatchObject({ code: 0, stdout: made.stdout });
  expect(await run("backup", "data", "place", "--verify")).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/files read, 0 missing or damaged\n$/),
  });

  const lost = "2026/03/05/lost.parquet";
  await run("backup", "data", "kept");
  await ask(
    server,
    `insert into logs.segments (path, first_timestamp, last_timestamp, rows, bytes, text_bytes, checksum, format_version, levels, created_at)
     values ('${lost}', '2026-03-05', '2026-03-05', 1, 1, 1, '${"0".repeat(64)}', 1, '{info}', now())`,
  );
  expect(await run("backup", "data", "kept", "--keep", "1")).toMatchObject({
    code: 1,
    stdout: expect.not.stringContaining("removed"),
    stderr: expect.stringMatching(
      new RegExp(`${lost} is missing: it is not in the backup\\.\\nNothing was removed: .*\\.\\n$`),
    ),
  });
  const countKept = async () => (await run("backup", "data", "kept", "--list")).stdout.trimEnd().split("\n").length;
  expect(await countKept()).toBe(2);
  await ask(server, `delete from logs.segments where path = '${lost}'`);
  expect(await run("backup", "data", "kept", "--keep", "1")).toMatchObject({ code: 0 });
  expect(await countKept()).toBe(1);

  expect(await run("restore", "data", "place")).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(
      /^Cordwood is running in .*: stop it, or set CORDWOOD_DATA_DIR to another folder\.\n$/,
    ),
  });
  const exported = await run("segments", "data", "export", "--output", "entries.ndjson");
  expect(exported).toMatchObject({ code: 0, stdout: "", stderr: "" });
  expect(existsSync(inFolder("entries.ndjson"))).toBe(true);
  await server.stop();
  await lock?.release();
  rmSync(inFolder("data/secret"));
  expect(await run("restore", "data", "place")).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("The database has an installation of Cordwood"),
  });
  expect(existsSync(inFolder("data/secret"))).toBe(false);

  const restored = await run("restore", "restored", "place");
  expect(restored).toMatchObject({ code: 0, stdout: expect.stringContaining(`Restored ${id} of `) });
  process.umask(umask);
  const secret = inFolder("restored/secret");
  expect(openTo("place")).toEqual([]);
  expect(openTo("restored")).toEqual([]);
  // Root's PostgreSQL has another user.
  expect(statSync(inFolder("restored")).mode & 0o777).toBe(process.getuid?.() === 0 ? 0o711 : 0o700);
  expect(readFileSync(secret, "utf8")).toBe("secret-of-the-folder-and-so-on-and-on");
  expect(statSync(secret).mode & 0o777).toBe(0o600);
  const again = await startEmbeddedServer(inFolder("restored"), () => undefined);
  expect(await ask(again, "select value from logs.settings where name = 'a setting'")).toEqual([{ value: 42 }]);
  await again.stop();
});

test("given a wrong place or a wrong number, then one sentence says what is accepted, and nothing is made", async () => {
  for (const [program, given, sentence] of [
    ["backup", [], /^Say where backups are: .*\.\n$/],
    ["backup", ["s3://X"], /^"s3:\/\/X" is no place in a bucket such as .*\.\n$/],
    ["backup", ["place", "--keep", "0"], /^--keep must be a whole number from 1 to 10000, not "0"\.\n$/],
    ["restore", ["nowhere"], /^There are no backups of Cordwood in .*nowhere\.\n$/],
  ] as const) {
    expect(await run(program, "other", ...given)).toMatchObject({ code: 2, stderr: expect.stringMatching(sentence) });
  }
  expect(existsSync(inFolder("nowhere"))).toBe(false);
  expect(existsSync(inFolder("other"))).toBe(false);
});
