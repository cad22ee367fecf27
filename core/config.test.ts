import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { ConfigError, readConfig, unknownVariables, VARIABLES } from "./config";

/** Of the start that stops; empty when it does not. */
function messageOf(environment: Readonly<Record<string, string | undefined>>): string {
  try {
    readConfig(environment);
    return "";
  } catch (error) {
    return error instanceof ConfigError ? error.message : "";
  }
}

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

/** Of each variable values that it does not accept, and whether they may be repeated. */
const WRONG: readonly (readonly [name: string, values: readonly string[], isTold?: boolean])[] = [
  ["HOST", ["my host"]],
  ["PORT", ["x", "65536", "-1", "3000.5"]],
  ["DATABASE_URL", ["mysql://a:s3cret@b/c", "localhost"], false],
  ["REDIS_URL", ["http://a:s3cret@b", "localhost:6379"], false],
  ["CORDWOOD_ROLE", ["worker"]],
  ["CORDWOOD_DISTRIBUTE", ["citus"]],
  ["CORDWOOD_RETENTION_DAYS", ["0", "forever", "3651"]],
  ["CORDWOOD_MAX_DISK", ["20", "99MB", "1 PB"]],
  ["CORDWOOD_SEGMENTS", ["s3://", "s3://Logs/x y", "gs://logs", "https://example.com/logs"]],
  ["CORDWOOD_SEGMENT_CACHE_MB", ["1"]],
  ["CORDWOOD_S3_PATH_STYLE", ["maybe"]],
  ["CORDWOOD_SEGMENT_MEMORY_MB", ["63", "1GB"]],
  ["CORDWOOD_LOG_LEVEL", ["loud"]],
  ["SMTP_URL", ["http://a:s3cret@b", "mail.example.com"], false],
  ["CORDWOOD_MAIL_FROM", ["nobody", "a@b\nc"]],
  ["CORDWOOD_URL", ["ftp://logs.example.com", "logs.example.com"], false],
  ["CORDWOOD_ALLOW_PRIVATE_WEBHOOKS", ["maybe"]],
  ["CORDWOOD_WEBHOOK_ADDRESSES", ["10.0.0.0/40"]],
  ["CORDWOOD_TRUSTED_PROXIES", ["proxy.example", "0.0.0.0/0", "127.0.0.1, ::/0", "10.0.0.0/33", "loopback"]],
  ["CORDWOOD_SECRET", ["a short s3cret"], false],
  ["CORDWOOD_ADMIN_EMAIL", ["admin"]],
  ["CORDWOOD_ADMIN_PASSWORD", ["s3cret"], false],
  ["CORDWOOD_API_KEY", ["s3cret"], false],
  ["CORDWOOD_API_KEY_SCOPES", ["ingest,write"]],
  ["OIDC_ISSUER_URL", ["login.example", "ldap://login.example"], false],
  ["OIDC_DEFAULT_ROLE", ["owner"]],
  ["CORDWOOD_SYSLOG_PORT", ["syslog"]],
  ["CORDWOOD_SYSLOG_TLS_PORT", ["-1"]],
  ["CORDWOOD_SYSLOG_TIMEZONE", ["Berlin"]],
  ["CORDWOOD_GELF_PORT", ["65536"]],
  ["CORDWOOD_FORWARD_PORT", ["1.5"]],
  ["CORDWOOD_OTLP_GRPC_PORT", ["grpc"]],
  ["CORDWOOD_FORWARD_SHARED_KEY", ["s3cret"], false],
  ["CORDWOOD_LISTENER_ADDRESSES", ["10.0.0.0/40", "0.0.0.0/0", "::/0"]],
  ["INNGEST_BASE_URL", ["inngest", "tcp://inngest"], false],
  ["INNGEST_DEV", ["maybe", "127.0.0.1:8288"]],
];

/** Any text will do, or what it names is looked for when it is used. */
const FREE = [
  "CORDWOOD_DATA_DIR",
  "CORDWOOD_TLS_CERT",
  "CORDWOOD_TLS_KEY",
  "CORDWOOD_TLS_CLIENT_CA",
  "OIDC_CLIENT_ID",
  "OIDC_CLIENT_SECRET",
  "OIDC_NAME",
  "INNGEST_EVENT_KEY",
  "INNGEST_SIGNING_KEY",
];

test("given every variable that is read, then wrong values of it are tried, and README.md has it", () => {
  expect([...WRONG.map(([name]) => name), ...FREE].sort()).toEqual(VARIABLES.toSorted());
  const readme = readFileSync("README.md", "utf8");
  expect(VARIABLES.filter((name) => !new RegExp(`^\\| .*\\b${name}\\b.* \\|`, "m").test(readme))).toEqual([]);
});

test.each(WRONG.flatMap(([name, values, isTold = true]) => values.map((value) => [name, value, isTold] as const)))(
  "given %s=%s, then one sentence names the variable, what it accepts, and what it holds unless that may be secret",
  (name, value, isTold) => {
    const message = messageOf({ [name]: value });
    expect(message).toMatch(new RegExp(`^${name} must (be|have) .+\\.$`, "s"));
    expect(message.endsWith(`, not "${value}".`)).toBe(isTold);
    expect(message).not.toContain("s3cret");
  },
);

test("given an address with a wrong path and no password, then it is told; with one it is not", () => {
  expect(messageOf({ CORDWOOD_URL: "https://" })).toContain('not "https://"');
  expect(messageOf({ CORDWOOD_URL: "https://a:s3cret@" })).not.toContain("s3cret");
});

test("given names that are none of the variables, then they are found, but those that Kubernetes sets", () => {
  const environment = { CORDWOOD_RETENTON_DAYS: "7", CORDWOOD_URL: "x", CORDWOOD_PORT: "tcp://10.0.0.1:3000" };
  const others = { CORDWOOD_SERVICE_HOST: "10.0.0.1", CORDWOOD_PORT_3000_TCP: "x", PATH: "/bin" };
  expect(unknownVariables({ ...environment, ...others })).toEqual(["CORDWOOD_RETENTON_DAYS"]);
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

test.each([
  [{ INNGEST_SIGNING_KEY: "signkey-test-1" }, true],
  [{ INNGEST_SIGNING_KEY: "signkey-test-1", INNGEST_EVENT_KEY: "1" }, true],
  [{ INNGEST_SIGNING_KEY: "signkey-test-1", INNGEST_DEV: "0" }, true],
  [{ INNGEST_DEV: "1" }, true],
  [{ INNGEST_DEV: "True" }, true],
  [{ INNGEST_DEV: "http://127.0.0.1:8288", HOST: "::1" }, true],
  [{ INNGEST_DEV: "1", INNGEST_BASE_URL: "http://127.0.0.1:8288", HOST: "localhost" }, true],
  [{ INNGEST_DEV: "1", CORDWOOD_URL: "http://localhost:3000" }, true],
  [{ INNGEST_DEV: "0" }, false],
  [{ INNGEST_DEV: "false", HOST: "0.0.0.0" }, false],
])("given %j, then whether a real Inngest server is expected is %s", (environment, expected) =>
  expect(readConfig(environment).inngestServer).toBe(expected),
);

test.each([
  { INNGEST_EVENT_KEY: "1" },
  { INNGEST_BASE_URL: "https://inngest.example.com" },
  { INNGEST_EVENT_KEY: "1", INNGEST_DEV: "0" },
])("given %j and no key to know the Inngest server's calls by, then one sentence says so", (environment) => {
  expect(messageOf(environment)).toMatch(/^INNGEST_(EVENT_KEY|BASE_URL) needs INNGEST_SIGNING_KEY, .+\.$/);
});

test.each([
  { HOST: "0.0.0.0" },
  { HOST: "::" },
  { HOST: "logs.example.com" },
  { CORDWOOD_URL: "https://logs.example.com" },
  { CORDWOOD_TRUSTED_PROXIES: "127.0.0.1" },
])("given INNGEST_DEV and %j, so that others could call jobs, then one sentence refuses it", (environment) => {
  expect(messageOf({ ...environment, INNGEST_DEV: "1" })).toMatch(/^INNGEST_DEV is for this machine only, .+\.$/);
});

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
