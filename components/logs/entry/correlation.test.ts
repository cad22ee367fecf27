import fc from "fast-check";
import { expect, test } from "vitest";
import { parseQuery } from "@/core/search/query/parse";
import { foldEntry, toPredicate } from "@/core/search/query/to-predicate";
import { correlationOf } from "./correlation";

const TIMESTAMP = "2026-03-10T12:00:00.123456Z";
const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

const queryOf = (name: string, value: string) => {
  const correlation = correlationOf(name, value, TIMESTAMP);
  if (!correlation) return null;
  const { searchParams } = new URL(correlation.href, "http://localhost");
  return { what: correlation.what, q: searchParams.get("q") };
};

test("given a trace id, then it leads to the lines that have it, by any usual name or in the message, half a day around", () => {
  expect(correlationOf("trace_id", TRACE, TIMESTAMP)).toEqual({
    what: "trace",
    href: `/logs?${new URLSearchParams({
      q: `trace_id:${TRACE} OR traceId:${TRACE} OR trace.id:${TRACE} OR dd.trace_id:${TRACE} OR mdc.traceId:${TRACE} OR contextMap.traceId:${TRACE} OR traceparent:*${TRACE}* OR "${TRACE}"`,
      from: "2026-03-10T00:00:00.123Z",
      to: "2026-03-11T00:00:00.123Z",
    })}`,
  });
});

test.each([
  ["otel.traceID", TRACE, "trace", `otel.traceID:${TRACE} OR trace_id:${TRACE} OR `],
  ["traceparent", `00-${TRACE}-00f067aa0ba902b7-01`, "trace", `traceparent:*${TRACE}* OR trace_id:${TRACE} OR `],
  ["http.request.id", "a-1", "request", 'http.request.id:"a-1" OR request_id:"a-1" OR '],
  [
    "X-Request-Id",
    "r1",
    "request",
    "X-Request-Id:r1 OR request_id:r1 OR requestId:r1 OR request.id:r1 OR req.id:r1 OR ",
  ],
  ["reqId", "req-7", "request", 'reqId:"req-7" OR request_id:"req-7" OR '],
  ["correlationId", "c1", "correlation", "correlationId:c1 OR correlation_id:c1 OR "],
])("given %s with %s, then it is the id of a %s", (name, value, what, q) => {
  expect(queryOf(name, value)?.what).toBe(what);
  expect(queryOf(name, value)?.q?.slice(0, q.length)).toBe(q);
});

test.each([
  ["user_id", "42"],
  ["trace", "on"],
  ["trace_id", ""],
  ["trace_id", "00000000000000000000000000000000"],
  ["request_id", "none of them"],
  ["request_id", "x".repeat(201)],
])("given %s with %j, then it is none", (name, value) => {
  expect(correlationOf(name, value, TIMESTAMP)).toBeNull();
});

test("given any id, then the search finds a line that has it by its name, by another, or in its message", () => {
  const id = fc
    .string({ minLength: 1, maxLength: 40 })
    .filter((text) => correlationOf("trace_id", text, TIMESTAMP) !== null);
  fc.assert(
    fc.property(id, fc.constantFrom("trace_id", "X-Trace.Id", "my trace id", "-traceid"), (value, name) => {
      const matches = toPredicate(parseQuery(queryOf(name, value)?.q ?? ""));
      const line = (message: string, attributes: Record<string, string>) =>
        matches(
          foldEntry({
            micros: "0",
            service: "shop",
            level: "info",
            message,
            pattern: null,
            tags: null,
            attributes: JSON.stringify(attributes),
          }),
        );
      expect(line("x", { [name]: value })).toBe(true);
      expect(line("x", { traceId: value })).toBe(true);
      expect(line(`trace ${value} ended`, {})).toBe(true);
      expect(line("", { user: value })).toBe(false);
    }),
  );
});
