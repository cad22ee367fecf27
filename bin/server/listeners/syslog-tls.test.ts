import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import tls from "node:tls";
import { generate } from "selfsigned";
import { afterAll, beforeAll, expect, test } from "vitest";
import { testDatabase } from "@/core/testing/test-database";
import { storedEntries } from "@/core/testing/test-listeners";
import { TestListening } from "./test-listening";

const database = testDatabase("2026-11-26T16:00:00Z");
const folder = mkdtempSync(path.join(os.tmpdir(), "cordwood-tls-"));
const file = (name: string) => path.join(folder, name);

type Pair = { cert: string; key: string };
let authority: Pair;
let client: Pair;

beforeAll(async () => {
  const pairOf = async (name: string, ca?: Pair): Promise<Pair> => {
    const isAuthority = ca === undefined;
    const extensions = [{ name: "basicConstraints" as const, cA: isAuthority, critical: true }];
    const made = await generate([{ name: "commonName", value: name }], { algorithm: "sha256", ca, extensions });
    return { cert: made.cert, key: made.private };
  };
  authority = await pairOf("an authority");
  client = await pairOf("a client", authority);
  const server = await pairOf("localhost", authority);
  writeFileSync(file("cert.pem"), server.cert);
  writeFileSync(file("key.pem"), server.key);
  writeFileSync(file("ca.pem"), authority.cert);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const TLS = {
  CORDWOOD_SYSLOG_TLS_PORT: "0",
  CORDWOOD_TLS_CERT: file("cert.pem"),
  CORDWOOD_TLS_KEY: file("key.pem"),
};

const listening = new TestListening(database);

const start = (environment: Record<string, string>) =>
  listening.start({ environment: { ...TLS, ...environment }, isOnLoopback: false });

/** Resolves when the connection is closed, whoever closed it. */
async function send(message: string, pair?: Pair): Promise<void> {
  const socket = tls.connect({ port: listening.port, host: "127.0.0.1", rejectUnauthorized: false, ...pair });
  socket.on("error", () => undefined).resume();
  socket.end(message);
  await new Promise((resolve) => socket.on("close", resolve));
}

test("given certificates of clients, then who has one needs nothing else, and others don't get in", async () => {
  await start({ CORDWOOD_TLS_CLIENT_CA: file("ca.pem"), CORDWOOD_API_KEY: "a-key-of-the-environment" });
  await send("14 <14>app: known", client);
  await send('<14>1 - h app - - [cordwood token="a-key-of-the-environment"] unknown\n');

  expect(await storedEntries(database)).toMatchObject([{ message: "known" }]);
  expect(await listening.dropped("syslog_tls", "tls")).toBe(1);
});

test.each([
  ["CORDWOOD_TLS_CERT", "missing.pem", /^CORDWOOD_TLS_CERT must be a file in PEM format that can be read/],
  ["CORDWOOD_TLS_KEY", "cert.pem", /^CORDWOOD_TLS_CERT and CORDWOOD_TLS_KEY can't be used/],
])("given %s that can't be used, then the start says so in a sentence", async (variable, name, sentence) => {
  await expect(start({ [variable]: file(name) })).rejects.toThrow(sentence);
});
