import { expect, test } from "vitest";
import { fuzz } from "@/core/testing/fuzz";
import { readEntries } from "@/core/testing/read-entries";
import { gelf, gelfWithoutSource } from "./gelf";

const read = (...messages: unknown[]) => readEntries(gelf, [messages.map((one) => JSON.stringify(one)).join("\n")]);

const good = {
  version: "1.1",
  host: "web1",
  short_message: "declined",
  full_message: "declined\n  at pay.ts:12",
  timestamp: 1795705200.123456,
  level: 3,
  _user_id: 9001,
  _service: "pay",
};

test("given a message, then its level is syslog's, its time exact, and its fields have no underscore", () => {
  expect(read(good)).toEqual([
    expect.objectContaining({
      micros: "1795705200123456",
      service: "pay",
      level: "error",
      message: "declined",
      attributes: { host: "web1", full_message: "declined\n  at pay.ts:12", user_id: 9001 },
    }),
  ]);
});

test.each([undefined, "", " ", "\n", "\t \u00a0"])(
  "given the short message %j, then the full one is the message",
  (short_message) => {
    expect(read({ ...good, short_message })).toMatchObject([{ message: "declined\n  at pay.ts:12" }]);
  },
);

test("given what Docker's driver sends, then the container is the service", () => {
  const ofDocker = {
    version: "1.1",
    host: "node1",
    short_message: '{"level":"warn","msg":"slow"}',
    timestamp: 1795705200.5,
    level: 6,
    _container_id: "ab",
    _container_name: "shop",
    _tag: "ab",
  };

  expect(read(ofDocker)).toMatchObject([
    { service: "shop", level: "warning", message: "slow", attributes: { container_id: "ab", tag: "ab" } },
  ]);
});

test("given what Monolog sends by gelf-php 2, then its channel is the service and nothing is lost", () => {
  const ofMonolog = {
    version: "1.1",
    host: "web1",
    short_message: "card declined",
    level: 4,
    timestamp: 1795705200.123,
    _facility: "shop",
    _file: "/srv/pay.php",
    _line: 12,
    _ctxt_order: 42,
  };

  expect(read(ofMonolog)).toEqual([
    expect.objectContaining({
      service: "shop",
      level: "warning",
      message: "card declined",
      attributes: { host: "web1", _facility: "shop", _file: "/srv/pay.php", _line: 12, ctxt_order: 42 },
    }),
  ]);
});

test.each([
  [{ _app: "shop", facility: "f" }, "shop"],
  [{ facility: "billing" }, "billing"],
  [{ facility: "GELF" }, "web1"],
  [{ facility: "billing", _facility: "other" }, "billing"],
  [{ facility: "gelf-php", _facility: "billing" }, "billing"],
  [{ _facility: "gelf-php" }, "web1"],
  [{ _facility: "billing", _service: "pay" }, "pay"],
  [{ _service: null }, "web1"],
  [{ host: 7 }, "unknown"],
])("given what says the service in %j, then it is %s", (more, service) => {
  expect(read({ host: "web1", short_message: "m", ...more })).toMatchObject([{ service }]);
});

test.each([
  [{ facility: "billing" }, "shop"],
  [{ _facility: "billing" }, "shop"],
  [{}, "shop"],
  [{ _service: "pay" }, "pay"],
])("given a service that the request says, and %j, then it is %s", (more, service) => {
  const body = JSON.stringify({ host: "web1", short_message: "m", ...more });

  expect(readEntries(gelfWithoutSource, [body], { service: "shop" })).toMatchObject([
    { service, attributes: { host: "web1" } },
  ]);
});

test("given fields that are called as the format's own, then they keep their underscore and take nobody's place", () => {
  const fields = { _message: "no", _level: 0, _timestamp: 1, _event: "clicked", _: "alone" };

  expect(read({ ...good, ...fields })).toMatchObject([
    {
      level: "error",
      message: "declined",
      attributes: { _message: "no", _level: 0, _timestamp: 1, event: "clicked", _: "alone" },
    },
  ]);
});

test("given no short message, then the full one is it; without both the message is all that was sent", () => {
  expect(read({ short_message: " ", full_message: "whole" }, { full_message: "whole" }, { _a: 1 })).toMatchObject([
    { message: "whole" },
    { message: "whole" },
    { message: '{"a":1}' },
  ]);
});

test("given messages one a line, one of which is broken, then that one is rejected alone", () => {
  const body = `${JSON.stringify(good)}\n{"short_message":\n${JSON.stringify(good)}`;

  expect(readEntries(gelf, [body])).toMatchObject([{}, expect.stringContaining("not JSON"), { message: "declined" }]);
});

test("given any bytes, then they are read or refused with a reason", () => {
  fuzz(gelf, JSON.stringify(good));
});
