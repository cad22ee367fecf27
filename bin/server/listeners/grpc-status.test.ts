import { status } from "@grpc/grpc-js";
import { expect, test } from "vitest";
import { Fault } from "@/core/errors";
import { statusOf } from "./grpc-status";

test("given a message that did not arrive in time, then its exporter is told what it sends again after", () => {
  expect(statusOf(new Fault("timed_out", "late"))).toMatchObject({ code: status.DEADLINE_EXCEEDED, details: "late" });
});

test("given a message that is wrong, then its exporter is told what it sends nothing again after", () => {
  expect(statusOf(new Fault("invalid", "wrong"))).toMatchObject({ code: status.INVALID_ARGUMENT });
});
