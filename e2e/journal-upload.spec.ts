import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { programOfDebian } from "./debian";
import { SenderServer } from "./sender-server";
import { expect, test } from "./test";

/** systemd-journal-upload sends journals that systemd-journal-remote has made, since a container has none of its own. */

const PACKAGES = ["systemd-journal-remote"];
const remote = programOfDebian("systemd-journal-remote", PACKAGES);
const upload = programOfDebian("systemd-journal-upload", PACKAGES);

const server = new SenderServer();
const folder = mkdtempSync(path.join(os.tmpdir(), "cordwood-journal-"));
test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

const startMicros = BigInt(Date.now() - 60_000) * 1_000n;

function entryText(index: number, service: string, more = ""): string {
  const micros = startMicros + BigInt(index);
  return [
    `__REALTIME_TIMESTAMP=${micros}`,
    `__MONOTONIC_TIMESTAMP=${index + 1}`,
    "_BOOT_ID=0123456789abcdef0123456789abcdef",
    "_MACHINE_ID=fedcba9876543210fedcba9876543210",
    `PRIORITY=${index % 8}`,
    `SYSLOG_IDENTIFIER=${service}`,
    `_SYSTEMD_UNIT=${service}.service`,
    `MESSAGE=line ${index}`,
    `${more}\n`,
  ].join("\n");
}

/** @returns the path of a journal with the entries */
async function journalOf(name: string, entries: string): Promise<string> {
  const file = path.join(folder, `${name}.journal`);
  const making = spawn(remote ?? "", ["-o", file, "-"], { stdio: ["pipe", "ignore", "ignore"] });
  making.stdin.end(entries);
  await once(making, "close");
  return file;
}

const argumentsOf = (file: string, key = server.key) => [
  `--url=${server.url.replace("//", `//cordwood:${key}@`)}`,
  `--file=${file}`,
  "--follow=no",
  `--save-state=${file}.state`,
];

test.skip(remote === null || upload === null, "systemd-journal-remote can't be installed here");

test("given a journal, then its entries are found with time to the microsecond, level, service and fields", async () => {
  const binary = `MESSAGE\n${"\x0a\0\0\0\0\0\0\0"}two\nlines!\n`;
  const multiline = entryText(3, "sshd").replace("MESSAGE=line 3\n", binary);
  const file = await journalOf("few", entryText(2, "nginx", "REQUEST_ID=ab\n") + multiline);
  await promisify(execFile)(upload ?? "", argumentsOf(file));

  expect(await server.entriesOf("nginx")).toMatchObject([
    {
      level: "fatal",
      message: "line 2",
      timestamp: expect.stringMatching(new RegExp(`\\.\\d*${String((startMicros + 2n) % 1_000n).padStart(3, "0")}Z$`)),
      attributes: { REQUEST_ID: "ab", _SYSTEMD_UNIT: "nginx.service", _MACHINE_ID: expect.any(String) },
    },
  ]);
  expect(await server.entriesOf("sshd")).toMatchObject([{ level: "error", message: "two\nlines!" }]);
  expect(readFileSync(`${file}.state`, "utf8")).toContain("LAST_CURSOR=");
});

test("given a wrong key, then the sender says so and keeps its place", async () => {
  const file = await journalOf("wrong", entryText(1, "wrong"));

  await expect(promisify(execFile)(upload ?? "", argumentsOf(file, "wrong"))).rejects.toMatchObject({
    stderr: expect.stringContaining("code 401: the API key is unknown"),
  });
});

test("given a server that is killed in the middle of a long journal, when it is sent again, then nothing is missing or double", async () => {
  const count = 30_000;
  const entries = Array.from({ length: count }, (_, index) => entryText(index, "long")).join("");
  const file = await journalOf("long", entries);
  const sending = promisify(execFile)(upload ?? "", argumentsOf(file)).catch((error: unknown) => error);
  await expect.poll(async () => (await server.entriesOf("long")).length).toBeGreaterThan(0);
  await server.end("SIGKILL");
  expect(await sending).toBeInstanceOf(Error);
  await server.begin();
  const before = await countOf("long");
  await promisify(execFile)(upload ?? "", argumentsOf(file));

  expect(before).toBeLessThan(count);
  expect(await countOf("long")).toBe(count);
  expect(new Set((await server.entriesOf("long")).map(({ message }) => message)).size).toBe(1_000);
});

/** As the dashboard has it. */
async function countOf(service: string): Promise<number> {
  const headers = { authorization: server.authorization };
  const response = await fetch(`${server.url}/api/logs/dashboard/service?service=${service}`, { headers });
  const body: unknown = await response.json();
  return Number(Reflect.get(Object(Reflect.get(Object(body), "data")), "total_count"));
}
