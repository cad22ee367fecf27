import { expect, test } from "vitest";
import { ingestOf, sendEntries, testDatabase } from "@/core/testing/test-database";
import { testRuntime } from "@/core/testing/test-runtime";
import { GET } from "./route";

const context = testDatabase("2026-01-01T12:00:00Z");
const process = testRuntime(context);

const ask = (method: string, query = "") =>
  GET(new Request(`http://127.0.0.1:3000/api/logs/export${query}`, { method }), { params: Promise.resolve({}) });

const exportsWritten = async () =>
  (await context.pool.query("select 1 from logs.audit_events where action = 'logs.export'")).rowCount;

test("given HEAD, then the headers are told, nothing is begun, and nothing written down", async () => {
  await sendEntries(ingestOf(context), [{ service: "shop", message: "paid" }]);
  for (let count = 0; count < 100; count++) {
    const response = await ask("HEAD");
    expect([response.status, response.body]).toEqual([200, null]);
    expect(response.headers.get("content-disposition")).toBe(
      'attachment; filename="cordwood-2026-01-01T120000.ndjson"',
    );
  }
  expect((await ask("HEAD", "?format=xml")).status).toBe(400);
  expect(process.runtime.turns.exports.waiting).toBe(0);
  expect(await exportsWritten()).toBe(0);

  expect(await (await ask("GET")).text()).toContain('"paid"');
  expect(await exportsWritten()).toBe(1);
});
