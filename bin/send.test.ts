import { execFile } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import os from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import { promisify } from "node:util";
import { createGunzip } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";

const folder = mkdtempSync(path.join(os.tmpdir(), "cordwood-send-"));
const inFolder = (name: string) => path.join(folder, name);
const taken: string[] = [];
const server = createServer(async (request, response) => {
  taken.push(await text(request.pipe(createGunzip())));
  response.writeHead(201, { "content-type": "application/json" });
  response.end(JSON.stringify({ success: true, data: { accepted: 1, rejected: 0, errors: [] } }));
});
beforeAll(async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

/** As npm starts it, from the tests' folder. */
async function send(...given: string[]): Promise<string> {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  const env = { ...process.env, INIT_CWD: folder, CORDWOOD_URL: `http://127.0.0.1:${address.port}` };
  const started = promisify(execFile)(process.execPath, ["--import", "tsx", "bin/send.ts", ...given], { env });
  return (await started).stdout;
}

test("given relative paths of a log and of places, then both are in the folder where npm was called", async () => {
  writeFileSync(inFolder("app.log"), "one line\n");

  await send("app.log", "--places", "my places");
  await send("app.log", "--places", inFolder("my places"));

  expect(taken).toEqual(["one line\n"]);
  expect(readdirSync(inFolder("my places"))).toHaveLength(1);
  expect(existsSync("my places")).toBe(false);
}, 60_000);

test("given places that an earlier version has kept in the project's folder, then a file is sent on from there", async () => {
  const former = mkdtempSync(path.join("node_modules", ".places-"));
  try {
    writeFileSync(inFolder("shop.log"), "sold\n");
    await send("shop.log", "--places", path.resolve(former));
    taken.length = 0;
    appendFileSync(inFolder("shop.log"), "sold another\n");

    await send("shop.log", "--places", former);

    expect(taken).toEqual(["sold another\n"]);
    expect(existsSync(inFolder(former))).toBe(false);
  } finally {
    rmSync(former, { recursive: true });
  }
}, 60_000);
