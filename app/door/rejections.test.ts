import { expect, test } from "vitest";
import { testDatabase } from "@/core/testing/test-database";
import { testRuntime } from "@/core/testing/test-runtime";
import { findAddress } from "./addresses";
import { answer } from "./answer";

const process = testRuntime(testDatabase("2026-11-26T16:00:00Z"));

const TIME = "2026-11-26T15:00:00Z";
const SECONDS = 1_795_705_200;
const TOO_OLD = "timestamp is more than 30 days ago, which is older than entries are kept";

async function send(path: string, ...values: unknown[]): Promise<[status: number, body: unknown]> {
  const address = findAddress("POST", path);
  if (!address) throw new Error(`${path} is no address`);
  const body = async function* () {
    yield Buffer.from(values.map((value) => JSON.stringify(value)).join("\n"));
  };
  const request = { method: "POST", path, parameters: new URLSearchParams(), headers: new Headers(), body: body() };
  const answered = await answer(address, request, process.runtime);
  return [answered.status, JSON.parse(String(answered.body))];
}

const REJECTIONS = `1 of 2 entries was rejected: entry 1: ${TOO_OLD}`;

test("given an event that can't be stored after a good one, then Serilog is told of success, with the reason", async () => {
  const events = [
    { "@t": TIME, "@m": "good" },
    { "@t": "2020-01-01T00:00:00Z", "@m": "old" },
  ];
  expect(await send("/ingest/clef", ...events)).toEqual([201, { MinimumLevelAccepted: null, Error: REJECTIONS }]);
});

test("given a log that can't be stored after a good one, then senders to Datadog are told of success, with the reason", async () => {
  const logs = [
    { message: "good", timestamp: SECONDS * 1000 },
    { message: "old", timestamp: 1 },
  ];
  const error = { status: "400", title: "Bad Request", detail: REJECTIONS };
  expect(await send("/api/v2/logs", logs)).toEqual([202, { errors: [error] }]);
  expect(await send("/v1/input", logs)).toEqual([200, { code: 400, message: REJECTIONS }]);
});

test("given an event that can't be stored after a good one, then senders to Splunk are told of success, with the reason", async () => {
  const good = { event: "good", time: SECONDS };
  const success = { text: "Success", code: 0, "invalid-event-number": 1 };
  expect(await send("/services/collector", good, { event: "old", time: 1 })).toEqual([
    200,
    { ...success, rejections: REJECTIONS },
  ]);
  expect(await send("/services/collector", good, { time: SECONDS })).toEqual([
    200,
    { ...success, rejections: "1 of 2 entries was rejected: entry 1: Event field is required" },
  ]);
});

test("given no event that can be stored, then senders to Splunk are told what is wrong with the first, by its code", async () => {
  const number = { "invalid-event-number": 0 };
  expect(await send("/services/collector", { time: SECONDS })).toEqual([
    400,
    { text: "Event field is required", code: 12, ...number },
  ]);
  expect(await send("/services/collector", { event: "" })).toEqual([
    400,
    { text: "Event field cannot be blank", code: 13, ...number },
  ]);
  expect(await send("/services/collector", { event: "old", time: 1 })).toEqual([
    400,
    { text: `Invalid data format: ${TOO_OLD}`, code: 6, ...number },
  ]);
});
