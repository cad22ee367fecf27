import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { INGEST_PARAMETERS, ingestParametersOf } from "./ingest-parameters";

const read = (query: string, headers: Record<string, string> = {}, foreign?: "refuse" | "ignore") =>
  ingestParametersOf({ parameters: new URLSearchParams(query), headers: new Headers(headers) }, foreign);

const ALL = {
  service: "shop",
  level: 3,
  fields: { message: "http.text", timestamp: "when", level: "sev", service: "unit.name" },
  tags: ["a", "b c"],
  ignored: ["pid", "user.email"],
  old: "now",
};

test("given every parameter in the address, then each is read", () => {
  const query =
    "service=shop&level=WARN&message_field=http.text&time_field=when&level_field=sev&service_field=unit.name&tags=a,%20b%20c,&ignore_fields=pid,user.email&old=now";
  expect(read(query)).toEqual(ALL);
});

test("given every parameter as a header, then each is read", () => {
  const headers = {
    "X-Cordwood-Service": "shop",
    "X-Cordwood-Level": "4",
    "X-Cordwood-Message-Field": "http.text",
    "X-Cordwood-Time-Field": "when",
    "X-Cordwood-Level-Field": "sev",
    "X-Cordwood-Service-Field": "unit.name",
    "X-Cordwood-Tags": "a, b c",
    "X-Cordwood-Ignore-Fields": "pid, user.email",
    "X-Cordwood-Old": "now",
    "User-Agent": "x",
  };
  expect(read("", headers)).toEqual(ALL);
});

test("given both, then the address counts", () => {
  expect(read("service=a", { "X-Cordwood-Service": "b", "X-Cordwood-Tags": "t" })).toEqual({
    service: "a",
    tags: ["t"],
  });
});

test("given none, then nothing is said", () => {
  expect(read("")).toEqual({});
  expect(read("tags=&ignore_fields=,")).toEqual({});
});

test("given a header in UTF-8, then it is read so", () => {
  const service = Buffer.from("größe").toString("latin1");
  expect(read("", { "X-Cordwood-Service": service })).toEqual({ service: "größe" });
});

describe("what is refused, with the name that the sender used", () => {
  test.each([
    ["servise=a", {}, "the parameter servise is unknown; accepted are service, level, message_field, time_field"],
    ["service=a&service=b", {}, "the parameter service stands more than once"],
    ["", { "X-Cordwood-Tag": "a" }, "the header x-cordwood-tag is unknown; accepted are X-Cordwood-Service,"],
    ["level=loud", {}, "level must be a level"],
    ["", { "X-Cordwood-Level": "loud" }, "X-Cordwood-Level must be a level"],
    ["service=", {}, "service must not be empty"],
    ["", { "X-Cordwood-Service": "" }, "X-Cordwood-Service must not be empty"],
    ["message_field=", {}, "message_field must name a member"],
    [`time_field=${"x".repeat(201)}`, {}, "time_field must have at most 200 characters"],
    ["level_field=%00", {}, "level_field must not hold the NUL character"],
    ["tags=a%00", {}, "tags must not hold the NUL character"],
    [`tags=${"x,".repeat(101)}`, {}, "tags must be at most 100 tags"],
    [`tags=${"x".repeat(201)}`, {}, "tags must be tags of at most 200 characters"],
    [`ignore_fields=${"x,".repeat(101)}`, {}, "ignore_fields must be at most 100 members"],
    ["old=keep", {}, "old must be now"],
  ])("%s %j", (query, headers, reason) => {
    expect(() => read(query, headers)).toThrow(reason);
  });
});

test("given a protocol that has parameters of its own, then they are passed over, but not wrong ones of ours", () => {
  expect(read("refresh=true&service=a", {}, "ignore")).toEqual({ service: "a" });
  expect(() => read("refresh=true&level=loud", {}, "ignore")).toThrow("level must be a level");
});

test("given the table of parameters in docs/sending.md, then it is that of the code, in its order", () => {
  const page = readFileSync("docs/sending.md", "utf8");
  const table = page.slice(page.indexOf("<!-- parameters:"));
  const rows = [...table.matchAll(/^\| `(\w+)` +\| `(X-[\w-]+)` +\|/gm)];
  expect(rows.map(([, name]) => name)).toEqual(INGEST_PARAMETERS);
  for (const [, name = "", header = ""] of rows) {
    const value = name === "old" ? "now" : "warn";
    expect(read("", { [header]: value })).toEqual(read(`${name}=${value}`));
  }
});
