import { once } from "node:events";
import http from "node:http";
import net from "node:net";
import { text } from "node:stream/consumers";
import { afterEach, expect, test } from "vitest";
import { readConfig } from "@/core/config";
import { createLogger } from "@/core/logger";
import { accessOf, PUBLIC_URL } from "@/core/testing/test-access";
import { testDatabase } from "@/core/testing/test-database";
import { protect } from "./protect";

const context = testDatabase("2026-03-10T12:00:00Z");
const servers: http.Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** @returns the answer to what is written to a server whose route takes everything that gets to it */
async function answerTo(request: string, environment: Record<string, string> = {}): Promise<string> {
  const parts = { config: readConfig(environment), access: accessOf(context, { environment }) };
  const handle = protect((_request, response) => void response.end("taken"), {
    ...parts,
    logger: createLogger("silent"),
    publicUrl: PUBLIC_URL,
    isDevelopment: false,
  });
  const server = http.createServer(handle).listen(0, "127.0.0.1");
  servers.push(server);
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  const socket = net.connect(address.port, "127.0.0.1");
  socket.write(request);
  return text(socket);
}

test("given no account, when nginx passes on by proxy_pass alone, then its HTTP/1.0 is refused, and HTTP/1.1 of the machine is taken", async () => {
  const lines = "Host: 127.0.0.1:3000\r\nConnection: close\r\n\r\n";
  const refused = await answerTo(`GET /api/logs HTTP/1.0\r\n${lines}`);
  expect(refused).toMatch(/^HTTP\/1\.1 403 /);
  expect(refused).toContain("no requests in HTTP/1.0");
  expect(await answerTo(`GET /api/logs HTTP/1.1\r\n${lines}`)).toMatch(/^HTTP\/1\.1 200 [\s\S]+taken/);
});

test("given no account, when a probe asks in HTTP/1.0, then it is answered", async () => {
  for (const path of ["/healthz", "/readyz", "/readyz?for=reading"])
    expect(await answerTo(`GET ${path} HTTP/1.0\r\nConnection: close\r\n\r\n`)).toMatch(/^HTTP\/1\.1 200 /);
});

test("given a proxy that is set, when it speaks HTTP/1.0, then the route decides, which takes nobody while it is locked", async () => {
  const request = "GET /api/logs HTTP/1.0\r\nHost: 127.0.0.1:3000\r\nConnection: close\r\n\r\n";
  expect(await answerTo(request, { CORDWOOD_TRUSTED_PROXIES: "127.0.0.1" })).toMatch(/^HTTP\/1\.1 200 /);
});

test.each([
  ["a part of a foreign page", "/api/logs/export", "cross-site", "no-cors", "image", 403],
  ["a script of a foreign page", "/api/logs/export", "cross-site", "cors", "empty", 403],
  ["a frame in a foreign page", "/api/logs/export", "cross-site", "navigate", "iframe", 403],
  ["a page of another port or subdomain", "/api/logs/export", "same-site", "no-cors", "empty", 403],
  ["a link on a foreign page", "/api/logs/export", "cross-site", "navigate", "document", 200],
  ["an OpenID provider", "/api/access/oidc/callback?code=c&state=s", "cross-site", "navigate", "document", 200],
  ["a page of ours", "/api/logs/export", "same-origin", "cors", "empty", 200],
  ["the user", "/api/logs/export", "none", "navigate", "document", 200],
  ["a foreign page, for a page", "/logs", "cross-site", "no-cors", "image", 200],
])("given that %s asks, then for %s as %s %s %s it gets %d", async (_who, path, site, mode, destination, status) => {
  for (const method of ["GET", "HEAD"]) {
    const answer = await answerTo(
      `${method} ${path} HTTP/1.1\r\nHost: 127.0.0.1:3000\r\nSec-Fetch-Site: ${site}\r\nSec-Fetch-Mode: ${mode}\r\nSec-Fetch-Dest: ${destination}\r\nConnection: close\r\n\r\n`,
    );
    expect(answer, method).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  }
});

test("given a path of the API that is written in another way, which Next.js would find all the same, then it is refused", async () => {
  const lines = "Host: 127.0.0.1:3000\r\nConnection: close\r\n\r\n";
  for (const path of ["/%61pi/logs/export", "/api%2Flogs/export"])
    expect(await answerTo(`GET ${path} HTTP/1.1\r\n${lines}`)).toMatch(/^HTTP\/1\.1 400 /);
  for (const path of ["/logs?q=%2Fapi%2F", "/api/logs/%31", "/%zz"])
    expect(await answerTo(`GET ${path} HTTP/1.1\r\n${lines}`)).toMatch(/^HTTP\/1\.1 200 /);
});
