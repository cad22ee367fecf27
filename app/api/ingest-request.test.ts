import { expect, test } from "vitest";
import { ingestRequestOf } from "./ingest-request";

function read(type: string | null) {
  const headers = new Headers(type === null ? {} : { "Content-Type": type });
  const request = { method: "POST", path: "/api/logs", parameters: new URLSearchParams(), headers, body: null };
  return ingestRequestOf(request, null, ["json", "ndjson", "text"]);
}

test.each([
  [null, "json"],
  ["application/json", "json"],
  ["Application/JSON; charset=utf-8", "json"],
  ["application/vnd.shop+json", "json"],
  ["application/x-www-form-urlencoded", "json"],
  ["application/octet-stream", "json"],
  ["application/x-ndjson", "ndjson"],
  ["application/jsonl", "ndjson"],
  ["application/stream+json", "ndjson"],
  ["text/plain;charset=UTF-8", "text"],
])("given the type %s, then the body is taken for %s", (type, format) => {
  expect(read(type).format).toBe(format);
});

test("given any other type, then it is refused with what is accepted", () => {
  expect(() => read("text/xml")).toThrow(
    'Content-Type must be application/json or application/x-ndjson or text/plain, not "text/xml"',
  );
});
