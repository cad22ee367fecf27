import { beforeEach, expect, test } from "vitest";
import type { KeyPrincipal } from "@/core/access/principal";
import { bodyOf, ingestOf, removeEntries, storedAndCounted, testDatabase } from "@/core/testing/test-database";
import { ingestRequestOf } from "./ingest-request";

const context = testDatabase("2026-03-10T12:00:00.000Z");

beforeEach(() => removeEntries(context));

const keyOf = (id: string): KeyPrincipal => ({ kind: "key", id, name: id, scopes: ["ingest"], services: null });
const [ONE, OTHER] = [keyOf("k1"), keyOf("k2")];

function send(key: string, principal = ONE, { path = "/api/logs", entries = 1 } = {}) {
  const body = bodyOf(JSON.stringify(Array.from({ length: entries }, () => ({ service: "shop", message: "m" }))));
  const headers = new Headers({ "idempotency-key": key });
  const request = { method: "POST", path, parameters: new URLSearchParams(), headers, body };
  return ingestOf(context).ingest(ingestRequestOf(request, principal, ["json"]));
}

test("given one Idempotency-Key of two senders, and at two addresses, then each is stored and answered for itself", async () => {
  expect(await send("batch-1")).toMatchObject({ accepted: 1 });
  expect(await send("batch-1", OTHER, { entries: 2 })).toMatchObject({ accepted: 2 });
  expect(await send("batch-1", ONE, { path: "/elasticsearch/_bulk", entries: 4 })).toMatchObject({ accepted: 4 });
  expect(await send("batch-1")).toMatchObject({ accepted: 1 });
  expect(await storedAndCounted(context)).toEqual({ entries: 7, counted: 7 });
});

test("given keys that look like names of our own, then they are keys like any other", async () => {
  const ingest = ingestOf(context);
  const line = bodyOf('{"message":"m"}\n');
  await ingest.ingest({ body: line, format: "ndjson", encodings: [], announcedBytes: 0, entryNameOf: () => "a" });
  const { rows } = await context.pool.query<{ name: string }>(
    "select idempotency_key as name from logs.ingest_requests",
  );
  expect(rows).toHaveLength(1);
  expect(await send(rows[0]?.name ?? "")).toMatchObject({ accepted: 1 });
  expect(await storedAndCounted(context)).toEqual({ entries: 2, counted: 2 });
});

test("given a key that was stored before keys were their sender's, when it comes again, then it is answered as then", async () => {
  const answer = { accepted: 3, rejected: 0, errors: [] };
  await context.pool.query(
    `insert into logs.ingest_requests (idempotency_key, answer, created_at)
     values ('before', $1, now()), ('upload before', $1, now())`,
    [JSON.stringify(answer)],
  );
  expect(await send("before")).toEqual(answer);
  expect(await send("upload before")).toMatchObject({ accepted: 1 });
  expect(await storedAndCounted(context)).toEqual({ entries: 1, counted: 1 });
});
