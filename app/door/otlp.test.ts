import { expect, test } from "vitest";
import { OTLP } from "./otlp";

const request = (type: string) => ({
  method: "POST",
  path: "/v1/logs",
  parameters: new URLSearchParams(),
  headers: new Headers({ "content-type": type }),
  body: null,
});

test.each(["application/json", "application/x-protobuf"])(
  "given a body in %s that did not arrive in time, then its sender is told to send it again",
  (type) => {
    expect(OTLP[0]?.refusal?.(408, "the body did not arrive", request(type))).toMatchObject({
      status: 503,
      headers: { "content-type": type, "retry-after": "1" },
    });
  },
);

test("given another refusal, then its status stays", () => {
  expect(OTLP[0]?.refusal?.(400, "wrong", request("application/json"))).toEqual({
    status: 400,
    headers: { "content-type": "application/json" },
    body: '{"message":"wrong"}',
  });
});
