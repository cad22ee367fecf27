import { once } from "node:events";
import http from "node:http";
import { afterAll, beforeAll, expect, test } from "vitest";
import { starting } from "./starting";

const server = http.createServer(starting);
let url = "";
beforeAll(async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address !== null && typeof address === "object") url = `http://127.0.0.1:${address.port}`;
});
afterAll(() => server.close());

test("given a server that starts, then it says that the process lives", async () => {
  const response = await fetch(`${url}/healthz`);
  expect(response.status).toBe(200);
  expect(await response.json()).toEqual({ status: "starting" });
  expect((await fetch(`${url}/healthz`, { method: "HEAD" })).status).toBe(200);
});

test.each([
  ["GET", "/readyz"],
  ["GET", "/metrics"],
  ["GET", "/"],
  ["POST", "/healthz"],
  ["POST", "/api/logs"],
  ["GET", "/healthz/x"],
])("given a server that starts, when %s %s is asked for, then it is to be asked for again", async (method, path) => {
  const response = await fetch(`${url}${path}`, { method });
  expect(response.status).toBe(503);
  expect(response.headers.get("retry-after")).toBe("1");
  expect(await response.json()).toEqual({ success: false, error: "Cordwood is starting" });
});
