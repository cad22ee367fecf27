import { createServer, type Server } from "node:http";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { ApiError, fetchData, fetchPage } from "./fetch-data";

const ANSWERS: Record<string, [status: number, body: string]> = {
  "/good": [200, JSON.stringify({ success: true, data: { count: 3 } })],
  "/refused": [400, JSON.stringify({ success: false, error: "no", data: { fields: { name: "is taken" } } })],
  "/proxy": [502, "<html><h1>502 Bad Gateway</h1></html>"],
  "/balancer": [503, JSON.stringify({ message: "no backend" })],
  "/portal": [200, "<html>Please sign in to this network</html>"],
  "/page": [200, JSON.stringify({ success: true, data: [{ count: 3 }, { count: 4 }], total: 120 })],
  "/newer": [200, JSON.stringify({ success: true, data: { total: 3 } })],
};

let server: Server;
let url = "";

beforeAll(async () => {
  server = createServer((request, response) => {
    const [status, body] = ANSWERS[request.url ?? ""] ?? [404, ""];
    response.writeHead(status).end(body);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("it has no port");
  url = `http://127.0.0.1:${address.port}`;
});

afterAll(() => new Promise((done) => server.close(done)));

const ask = (path: string) => fetchData(url + path, z.object({ count: z.number() }));

async function problemOf(path: string): Promise<ApiError> {
  const error = await ask(path).catch((thrown: unknown) => thrown);
  if (error instanceof ApiError) return error;
  throw new Error(`no ApiError: ${String(error)}`);
}

test("given an answer, then its data is read, and what it refuses is said with its fields", async () => {
  expect(await ask("/good")).toEqual({ count: 3 });
  const { message, fields, status } = await problemOf("/refused");
  expect({ message, fields, status }).toEqual({ message: "no", fields: { name: "is taken" }, status: 400 });
});

test("given a page of a list, then its rows are read with how many there are", async () => {
  const row = z.object({ count: z.number() });
  expect(await fetchPage(`${url}/page`, row)).toEqual({ total: 120, data: [{ count: 3 }, { count: 4 }] });
  await expect(fetchPage(`${url}/good`, row)).rejects.toThrow("this page is older than the server");
});

test.each([
  ["/proxy", "the server answered 502", 502],
  ["/balancer", "the server answered 503", 503],
  ["/portal", "the server answered 200, but not as Cordwood does", 200],
  ["/newer", "this page is older than the server: load it anew", 0],
])(
  "given the answer %s, which is not Cordwood's or another release's, then a sentence says so",
  async (path, message, status) => {
    const problem = await problemOf(path);
    expect([problem.message, problem.status]).toEqual([message, status]);
  },
);
