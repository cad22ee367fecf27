import path from "node:path";
import { expect, test } from "vitest";
import { readConfig } from "./config";

test("given nothing, then the defaults hold, and empty variables count as absent", () => {
  const expected = {
    host: "127.0.0.1",
    port: 3000,
    databaseUrl: null,
    redisUrl: null,
    dataDir: path.resolve(".cordwood"),
    retentionDays: 30,
    maxDiskBytes: null,
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
  ["REDIS_URL", "localhost:6379"],
  ["CORDWOOD_RETENTION_DAYS", "0"],
  ["CORDWOOD_RETENTION_DAYS", "forever"],
  ["CORDWOOD_LOG_LEVEL", "loud"],
  ["INNGEST_BASE_URL", "inngest"],
  ["CORDWOOD_ADMIN_EMAIL", "admin"],
  ["CORDWOOD_API_KEY_SCOPES", "ingest,write"],
  ["CORDWOOD_TRUSTED_PROXIES", "proxy.example"],
  ["CORDWOOD_SYSLOG_PORT", "syslog"],
  ["CORDWOOD_OTLP_GRPC_PORT", "grpc"],
  ["CORDWOOD_SYSLOG_TIMEZONE", "Berlin"],
  ["CORDWOOD_LISTENER_ADDRESSES", "10.0.0.0/40"],
  ["OIDC_ISSUER_URL", "login.example"],
  ["OIDC_DEFAULT_ROLE", "owner"],
  ["CORDWOOD_SEGMENTS", "s3://"],
  ["CORDWOOD_SEGMENTS", "s3://Logs/x y"],
  ["CORDWOOD_SEGMENT_CACHE_MB", "1"],
])("given %s=%s, then one sentence names the variable and what it accepts", (name, value) => {
  expect(() => readConfig({ [name]: value })).toThrow(new RegExp(`^${name} must be .+\\.$`));
});

test("given a wrong URL with a password in it, then the sentence does not repeat it", () => {
  expect(() => readConfig({ DATABASE_URL: "mysql://user:secret@host/db" })).not.toThrow(/secret/);
});

test.each([
  ["CORDWOOD_SECRET", "a short s3cret"],
  ["CORDWOOD_ADMIN_PASSWORD", "s3cret"],
  ["CORDWOOD_API_KEY", "s3cret"],
  ["CORDWOOD_FORWARD_SHARED_KEY", "s3cret"],
])("given %s=%s, which is too short, then the sentence says so and does not repeat it", (name, value) => {
  const message = (() => {
    try {
      readConfig({ [name]: value });
      return "";
    } catch (error) {
      return String(error);
    }
  })();
  expect(message).toMatch(new RegExp(`${name} must have .+\\.$`));
  expect(message).not.toContain("s3cret");
});

test.each([
  { CORDWOOD_ADMIN_EMAIL: "admin@example.com" },
  { CORDWOOD_ADMIN_PASSWORD: "correct horse" },
  { OIDC_ISSUER_URL: "https://login.example" },
  { OIDC_CLIENT_ID: "cordwood", OIDC_CLIENT_SECRET: "of the client" },
  { CORDWOOD_TLS_CERT: "cert.pem" },
  { CORDWOOD_TLS_CLIENT_CA: "ca.pem" },
])("given %j without what belongs to it, then one sentence says what must be set together", (environment) => {
  expect(() => readConfig(environment)).toThrow(/must be set together\.$/);
});

test("given variables of access, then they are read", () => {
  const config = readConfig({
    CORDWOOD_ADMIN_EMAIL: "Admin@Example.com",
    CORDWOOD_ADMIN_PASSWORD: "correct horse",
    CORDWOOD_API_KEY: "a-key-of-sixteen",
    CORDWOOD_API_KEY_SCOPES: "ingest, read",
    CORDWOOD_TRUSTED_PROXIES: "127.0.0.1, 10.0.0.0/8",
    OIDC_ISSUER_URL: "https://login.example/",
    OIDC_CLIENT_ID: "cordwood",
    OIDC_CLIENT_SECRET: "of the client",
  });
  expect(config).toMatchObject({
    firstAdmin: { email: "admin@example.com", password: "correct horse" },
    apiKey: { key: "a-key-of-sixteen", scopes: ["ingest", "read"] },
    trustedProxies: ["127.0.0.1", "10.0.0.0/8"],
    oidc: { issuer: "https://login.example", name: "Single sign-on", defaultRole: null },
  });
  expect(readConfig({ CORDWOOD_API_KEY: "a-key-of-sixteen" }).apiKey?.scopes).toEqual(["ingest"]);
});

test("given variables of listeners, then they are read, and without them there are none", () => {
  const environment = {
    CORDWOOD_SYSLOG_PORT: "5514",
    CORDWOOD_SYSLOG_TLS_PORT: "6514",
    CORDWOOD_SYSLOG_TIMEZONE: "Europe/Berlin",
    CORDWOOD_TLS_CERT: "cert.pem",
    CORDWOOD_TLS_KEY: "key.pem",
    CORDWOOD_LISTENER_ADDRESSES: "10.0.0.0/8",
  };
  expect(readConfig(environment).listeners).toMatchObject({
    syslogPort: 5514,
    syslogTlsPort: 6514,
    syslogTimeZone: "Europe/Berlin",
    tls: { cert: "cert.pem", key: "key.pem", clientCa: null },
    addresses: ["10.0.0.0/8"],
  });
  expect(readConfig({}).listeners).toMatchObject({
    syslogPort: null,
    otlpGrpcPort: null,
    gelfPort: null,
    forwardPort: null,
    tls: null,
  });
  expect(() => readConfig({ CORDWOOD_SYSLOG_TLS_PORT: "6514" })).toThrow(
    /needs CORDWOOD_TLS_CERT and CORDWOOD_TLS_KEY\.$/,
  );
});

test.each(["INNGEST_EVENT_KEY", "INNGEST_SIGNING_KEY", "INNGEST_DEV"])(
  "given %s, then a real Inngest server is expected",
  (name) => expect(readConfig({ [name]: "1" }).inngestServer).toBe(true),
);

test.each([
  ["1", true],
  ["TRUE", true],
  ["yes", true],
  ["on", true],
  ["0", false],
  ["False", false],
  ["no", false],
  ["off", false],
])("given %s for a yes or no, then it is %s", (value, expected) => {
  expect(readConfig({ CORDWOOD_ALLOW_PRIVATE_WEBHOOKS: value }).webhookPolicy.allowPrivate).toBe(expected);
});

test("given something else for a yes or no, then what is accepted is said", () => {
  expect(() => readConfig({ CORDWOOD_ALLOW_PRIVATE_WEBHOOKS: "maybe" })).toThrow(
    'CORDWOOD_ALLOW_PRIVATE_WEBHOOKS must be 1, true, yes or on, or 0, false, no or off, not "maybe".',
  );
});

test("given a place for segments, then it is a folder or a bucket with a prefix", () => {
  expect(readConfig({ CORDWOOD_DATA_DIR: "/data" }).segments).toEqual({ folder: "/data/segments" });
  expect(readConfig({ CORDWOOD_SEGMENTS: "/mnt/shared" }).segments).toEqual({ folder: "/mnt/shared" });
  const bucket = { CORDWOOD_DATA_DIR: "/data", CORDWOOD_SEGMENTS: "s3://team-logs/eu/cordwood/" };
  expect(readConfig({ ...bucket, CORDWOOD_SEGMENT_CACHE_MB: "100", CORDWOOD_S3_PATH_STYLE: "1" }).segments).toEqual({
    bucket: { bucket: "team-logs", prefix: "eu/cordwood", pathStyle: true },
    cache: { folder: "/data/segment-cache", bytes: 100 * 1024 * 1024 },
  });
  expect(readConfig({ ...bucket, CORDWOOD_SEGMENTS: "s3://team-logs" }).segments).toMatchObject({
    bucket: { prefix: "" },
  });
});
