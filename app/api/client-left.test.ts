import { expect, test } from "vitest";
import { createLogger } from "@/core/logger";
import { testDatabase } from "@/core/testing/test-database";
import { testRuntime } from "@/core/testing/test-runtime";
import { apiRoute } from "./api-route";

const process = testRuntime(testDatabase("2026-01-01T12:00:00Z"));

const failing = apiRoute({ need: "always", summary: "Fails, sooner when nobody waits." }, async ({ signal }) => {
  signal.throwIfAborted();
  throw new Error("broken");
});

test("given a client that left, when what it asked for ends by that, then the log says nothing of it, but of a failure it does", async () => {
  const lines: string[] = [];
  process.runtime.logger = createLogger("debug", { write: (line) => void lines.push(line) });
  const leaving = new AbortController();
  const ask = () =>
    failing(new Request("http://127.0.0.1:3000/api/logs", { signal: leaving.signal }), { params: Promise.resolve({}) });
  expect((await ask()).status).toBe(500);
  expect(lines.map((line) => JSON.parse(line).msg)).toEqual(["a request failed"]);
  leaving.abort();
  expect((await ask()).status).toBe(499);
  expect(lines).toHaveLength(1);
});
