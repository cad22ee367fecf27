import { expect, test } from "vitest";
import { fuzz } from "@/core/testing/fuzz";
import { readEntries } from "@/core/testing/read-entries";
import { logplex } from "./logplex";

const NOW_MS = Date.parse("2026-11-27T12:00:00Z");
const format = logplex(NOW_MS);
const framed = (...messages: string[]) => messages.map((one) => `${Buffer.byteLength(one)} ${one}`).join("");

test("given lines of an app, the router and Heroku itself, in two pieces, then each is an entry with its dyno and level", () => {
  const body = framed(
    "<190>1 2026-11-27T11:59:58.123456+00:00 host app web.1 - [warn] slow answer\n",
    '<158>1 2026-11-27T11:59:58+00:00 host heroku router - at=error code=H12 desc="Request timeout" path="/x"\n',
    "<45>1 2026-11-27T11:59:59+00:00 d.73ea7440-270a-435a-a0ea-adf50b4e5f5a heroku web.1 - State changed from starting to up\n",
  );
  expect(readEntries(format, [body.slice(0, 60), body.slice(60)])).toMatchObject([
    {
      micros: "1795780798123456",
      level: "warning",
      service: "unknown",
      message: "[warn] slow answer",
      attributes: { source: "app", dyno: "web.1" },
    },
    { level: "error", message: expect.stringContaining("code=H12"), attributes: { source: "heroku", dyno: "router" } },
    { level: "info", attributes: { host: "d.73ea7440-270a-435a-a0ea-adf50b4e5f5a" } },
  ]);
});

test("given a line of JSON, then it is read like any entry, and the parameter says the service of the others", () => {
  const body = framed(
    '<190>1 2026-11-27T11:59:58+00:00 host app web.1 - {"level":"error","msg":"boom","service":"pay","order":42}',
    "<190>1 2026-11-27T11:59:58+00:00 host app web.1 - plain",
  );
  expect(readEntries(format, [body], { service: "shop" })).toMatchObject([
    { level: "error", service: "pay", message: "boom", attributes: { order: 42, dyno: "web.1" } },
    { level: "info", service: "shop", message: "plain" },
  ]);
});

test("given what is no message, then it is rejected in its place, and a body that is cut off is refused", () => {
  expect(
    readEntries(format, [framed("<190>1 - host app web.1 - good", "<999>1 - h a p - bad", "<1 bad")]),
  ).toMatchObject([{ message: "good" }, expect.stringContaining("RFC 5424"), expect.stringContaining("RFC 5424")]);
  expect(() => readEntries(format, ["90 <190>1 - host app web.1 - cut"])).toThrow("ends within a message");
});

test("given any bytes, then they are read or refused with a reason, never anything else", () => {
  fuzz(
    format,
    framed("<190>1 2026-11-27T11:59:58+00:00 host app web.1 - a", "<158>1 - host heroku router - at=info b"),
  );
});
