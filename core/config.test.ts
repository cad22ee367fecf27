import path from "node:path";
import { expect, test } from "vitest";
import { readConfig } from "./config";

test("given nothing, then the defaults hold, and empty variables count as absent", () => {
  const expected = {
    host: "127.0.0.1",
    port: 3000,
    databaseUrl: null,
    dataDir: path.resolve(".cordwood"),
    retentionDays: 30,
    logLevel: "info",
    inngestServer: false,
  };
  expect(readConfig({})).toMatchObject(expected);
  expect(readConfig({ PORT: "", DATABASE_URL: "", HOST: "" })).toMatchObject(expected);
});

test.each([
  ["PORT", "x"],
  ["PORT", "65536"],
  ["PORT", "-1"],
  ["PORT", "3000.5"],
  ["HOST", "my host"],
  ["DATABASE_URL", "mysql://a/b"],
  ["DATABASE_URL", "localhost"],
  ["CORDWOOD_RETENTION_DAYS", "0"],
  ["CORDWOOD_RETENTION_DAYS", "forever"],
  ["CORDWOOD_LOG_LEVEL", "loud"],
  ["INNGEST_BASE_URL", "inngest"],
])("given %s=%s, then one sentence names the variable and what it accepts", (name, value) => {
  expect(() => readConfig({ [name]: value })).toThrow(new RegExp(`^${name} must be .+\\.$`));
});

test("given a wrong URL with a password in it, then the sentence does not repeat it", () => {
  expect(() => readConfig({ DATABASE_URL: "mysql://user:secret@host/db" })).not.toThrow(/secret/);
});

test.each(["INNGEST_EVENT_KEY", "INNGEST_SIGNING_KEY", "INNGEST_DEV"])(
  "given %s, then a real Inngest server is expected",
  (name) => expect(readConfig({ [name]: "1" }).inngestServer).toBe(true),
);
