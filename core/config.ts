import path from "node:path";
import ipaddr from "ipaddr.js";
import proxyaddr from "proxy-addr";
import { z } from "zod";
import { oneOf } from "@/core/one-of";
import { isLoopbackAddress, isLoopbackHost, isPublished } from "./access/loopback";
import { KEY_SCOPES, type KeyScope, ROLES, type Role } from "./access/roles";
import type { WebhookPolicy } from "./alerts/delivery/webhook-policy";
import { INSTANCE_ROLES, type InstanceRole } from "./instance-role";
import { LIMITS } from "./limits";
import type { SegmentsPlace } from "./segments/segments";
import type { BucketPlace } from "./segments/store/s3-store";
import { timeZoneField } from "./time-fields";
import { wholeNumber } from "./whole-number";

const LOG_LEVELS = ["trace", "debug", "info", "warn", "error", "silent"] as const;

const isUrlOf =
  (...protocols: readonly string[]) =>
  (value: string): boolean =>
    URL.canParse(value) && protocols.includes(new URL(value).protocol);
const isPostgresUrl = isUrlOf("postgres:", "postgresql:");
const isRedisUrl = isUrlOf("redis:", "rediss:");
const isSmtpUrl = isUrlOf("smtp:", "smtps:");

const isAddressRange = (entry: string) => ipaddr.isValid(entry) || ipaddr.isValidCIDR(entry);

const isKeyScope = (name: string): name is KeyScope => KEY_SCOPES.some((scope) => scope === name);

const listed = z.string().transform((text) => text.split(",").map((entry) => entry.trim()));

const addressRanges = listed.refine(
  (entries) => entries.every(isAddressRange),
  "must be addresses or CIDR ranges between commas, such as 10.1.2.3, 10.8.0.0/16",
);

/** Whether proxy-addr takes it, by which senders and proxies are told apart. */
function isSenderRange(entry: string): boolean {
  try {
    proxyaddr.compile([entry]);
    return isAddressRange(entry);
  } catch {
    return false;
  }
}

/** Of those who are believed: a range of everybody is a mistake, or should be written as the halves that it has. */
const senderRanges = listed.refine(
  (entries) => entries.every(isSenderRange),
  "must be addresses or CIDR ranges between commas, such as 10.1.2.3, 10.8.0.0/16, and none of everybody (/0)",
);

const httpUrl = z.url({
  protocol: /^https?$/,
  error: "must be an http or https URL, such as https://logs.example.com",
});

/** Yes or no as people write it. */
const flag = z.stringbool({
  truthy: ["1", "true", "yes", "on"],
  falsy: ["0", "false", "no", "off"],
  error: "must be 1, true, yes or on, or 0, false, no or off",
});

/** Its names are those that Amazon S3 allows; a prefix holds what every server takes. */
const BUCKET = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/([A-Za-z0-9!_.*'()/-]*))?$/;

/** As disks are sold: a GB is a thousand millions. */
const UNIT_BYTES: Readonly<Record<string, number>> = { MB: 1e6, GB: 1e9, TB: 1e12 };
const LEAST_DISK_BYTES = 100e6;

function bytesOf(size: string): number {
  const unit = size.slice(-2).toUpperCase();
  return Math.round(Number.parseFloat(size) * (UNIT_BYTES[unit] ?? Number.NaN));
}

/** As Inngest's SDK reads INNGEST_DEV: false or true, or where the dev server is. */
const devServer = z
  .string()
  .refine(
    (text) => /^(1|0|true|false)$/i.test(text) || (/^https?:\/\//i.test(text) && URL.canParse(text)),
    "must be 1 or true, the URL of a dev server, such as http://127.0.0.1:8288, or 0 or false",
  )
  .transform((text) => !/^(0|false)$/i.test(text));

const port = wholeNumber(0, 65_535);

/** Each variable with what it accepts: the message completes "NAME ...". */
const environmentSchema = z.object({
  HOST: z
    .string()
    .regex(/^[A-Za-z0-9.:_-]+$/, "must be a host name or an address, such as 127.0.0.1")
    .default("127.0.0.1"),
  PORT: port.default(3000),
  DATABASE_URL: z
    .string()
    .refine(isPostgresUrl, "must be a PostgreSQL URL, such as postgres://user:password@host:5432/database")
    .optional(),
  REDIS_URL: z
    .string()
    .refine(isRedisUrl, "must be a URL such as redis://host:6379 or rediss://user:password@host:6380")
    .optional(),
  CORDWOOD_ROLE: z
    .enum(INSTANCE_ROLES, `must be one of ${INSTANCE_ROLES.join(", ")}, or absent for all of them`)
    .optional(),
  CORDWOOD_DISTRIBUTE: flag.default(false),
  CORDWOOD_DATA_DIR: z.string().default(".cordwood"),
  CORDWOOD_RETENTION_DAYS: wholeNumber(1, LIMITS.retentionDays).default(30),
  CORDWOOD_MAX_DISK: z
    .string()
    .regex(/^\d{1,9}(\.\d{1,3})? ?(MB|GB|TB)$/i, "must be a size of at least 100MB, such as 20GB or 1.5TB")
    .transform(bytesOf)
    .refine((bytes) => bytes >= LEAST_DISK_BYTES, "must be a size of at least 100MB, such as 20GB or 1.5TB")
    .optional(),
  CORDWOOD_LOG_LEVEL: oneOf(LOG_LEVELS).default("info"),
  CORDWOOD_SEGMENTS: z
    .string()
    .refine(
      (place) => !/^(s3:|[a-z][a-z0-9+.-]+:\/\/)/i.test(place) || BUCKET.test(place),
      "must be a folder, or a bucket such as s3://logs/cordwood",
    )
    .optional(),
  CORDWOOD_SEGMENT_CACHE_MB: wholeNumber(64, 16_777_216).default(2_048),
  CORDWOOD_S3_PATH_STYLE: flag.default(false),
  CORDWOOD_SEGMENT_MEMORY_MB: wholeNumber(64, 65_536).default(256),
  SMTP_URL: z
    .string()
    .refine(isSmtpUrl, "must be a URL such as smtp://user:password@host:587 or smtps://host:465")
    .optional(),
  CORDWOOD_MAIL_FROM: z
    .string()
    .regex(/^[^\r\n]*@[^\r\n]+$/, "must be a sender such as Cordwood <alerts@example.com>")
    .default("Cordwood <cordwood@localhost>"),
  CORDWOOD_URL: httpUrl.optional(),
  CORDWOOD_ALLOW_PRIVATE_WEBHOOKS: flag.default(false),
  CORDWOOD_WEBHOOK_ADDRESSES: addressRanges.optional(),
  CORDWOOD_TRUSTED_PROXIES: senderRanges.optional(),
  CORDWOOD_SECRET: z.string().min(32, "must have at least 32 characters").optional(),
  CORDWOOD_ADMIN_EMAIL: z.email("must be an e-mail address").optional(),
  CORDWOOD_ADMIN_PASSWORD: z
    .string()
    .min(LIMITS.passwordLeast, `must have at least ${LIMITS.passwordLeast} characters`)
    .max(LIMITS.passwordMost, `must have at most ${LIMITS.passwordMost} characters`)
    .optional(),
  CORDWOOD_API_KEY: z
    .string()
    .regex(/^[\x21-\x7e]{16,255}$/, "must have 16 to 255 visible ASCII characters")
    .optional(),
  CORDWOOD_API_KEY_SCOPES: listed
    .refine((names) => names.every(isKeyScope), `must be of ${KEY_SCOPES.join(", ")}, between commas`)
    .transform((names) => names.filter(isKeyScope))
    .optional(),
  OIDC_ISSUER_URL: httpUrl.optional(),
  OIDC_CLIENT_ID: z.string().optional(),
  OIDC_CLIENT_SECRET: z.string().optional(),
  OIDC_NAME: z.string().default("Single sign-on"),
  OIDC_DEFAULT_ROLE: oneOf(ROLES).optional(),
  CORDWOOD_SYSLOG_PORT: port.optional(),
  CORDWOOD_SYSLOG_TLS_PORT: port.optional(),
  CORDWOOD_SYSLOG_TIMEZONE: timeZoneField.default("UTC"),
  CORDWOOD_GELF_PORT: port.optional(),
  CORDWOOD_FORWARD_PORT: port.optional(),
  CORDWOOD_OTLP_GRPC_PORT: port.optional(),
  CORDWOOD_FORWARD_SHARED_KEY: z.string().min(16, "must have at least 16 characters").optional(),
  CORDWOOD_LISTENER_ADDRESSES: senderRanges.optional(),
  CORDWOOD_TLS_CERT: z.string().optional(),
  CORDWOOD_TLS_KEY: z.string().optional(),
  CORDWOOD_TLS_CLIENT_CA: z.string().optional(),
  INNGEST_EVENT_KEY: z.string().optional(),
  INNGEST_SIGNING_KEY: z.string().optional(),
  INNGEST_BASE_URL: httpUrl.optional(),
  INNGEST_DEV: devServer.optional(),
});

export type Config = {
  host: string;
  port: number;
  /** Null: the embedded PostgreSQL is used. */
  databaseUrl: string | null;
  /** Null: all of them. */
  role: InstanceRole | null;
  /** Whether entries are to be spread over the workers of Citus. */
  distribute: boolean;
  /** Through which instances count requests together; null: each counts its own. */
  redisUrl: string | null;
  /** Absolute path of the folder for the embedded PostgreSQL and the server's lock. */
  dataDir: string;
  retentionDays: number;
  /** What may be stored; null: anything. */
  maxDiskBytes: number | null;
  /** Where is what is sealed, which instances on one database share. */
  segments: SegmentsPlace;
  /** Of buckets: the bucket stands in the path of URLs, not in the name of the host. */
  s3PathStyle: boolean;
  /** For reading and writing segments; what needs more spills to disk. */
  segmentMemoryBytes: number;
  logLevel: (typeof LOG_LEVELS)[number];
  /** Null: no mail can be sent. */
  smtpUrl: string | null;
  mailFrom: string;
  /** Under which people reach this server, for links in messages; null: the address that it listens on. */
  publicUrl: string | null;
  webhookPolicy: WebhookPolicy;
  /** Proxies whose X-Forwarded-* headers are believed: addresses and CIDR ranges. */
  trustedProxies: readonly string[];
  /** Of which keys are derived; null: one is kept in the data folder. */
  secret: string | null;
  /** Made at the start while there is no account. */
  firstAdmin: { email: string; password: string } | null;
  /** A key that is not in the database. */
  apiKey: { key: string; scopes: readonly KeyScope[] } | null;
  oidc: OidcConfig | null;
  listeners: ListenersConfig;
  /** True: a real Inngest server runs the functions; false: the embedded runner does. */
  inngestServer: boolean;
};

/** The ways in beside HTTP. A port that is null: off. */
export type ListenersConfig = {
  /** UDP and TCP. */
  syslogPort: number | null;
  syslogTlsPort: number | null;
  /** Of times that name none, of the IANA database. */
  syslogTimeZone: string;
  /** UDP and TCP. */
  gelfPort: number | null;
  forwardPort: number | null;
  otlpGrpcPort: number | null;
  /** Null: senders are not asked for one. */
  forwardSharedKey: string | null;
  /** Of senders that need nothing else: addresses and CIDR ranges. */
  addresses: readonly string[];
  tls: TlsFiles | null;
};

/** Paths of PEM files. */
export type TlsFiles = {
  cert: string;
  key: string;
  /** Null: clients are not asked for a certificate. */
  clientCa: string | null;
};

/** A provider of OpenID Connect through which people may sign in. */
export type OidcConfig = {
  issuer: string;
  clientId: string;
  clientSecret: string;
  /** On the button. */
  name: string;
  /** Of people who were not invited; null: they are turned away. */
  defaultRole: Role | null;
};

/** A variable of the environment has a value that it doesn't accept; the message is one sentence for the user. */
export class ConfigError extends Error {}

/**
 * Reads and checks the whole configuration, once, at start. An empty variable counts as absent, as in most shells' idiom.
 * @throws ConfigError with the variable's name and what it accepts
 */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const present = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ""));
  const parsed = environmentSchema.safeParse(present);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const name = String(issue?.path[0]);
    const value = isSecret(name, present[name]) ? "" : `, not "${present[name]}"`;
    throw new ConfigError(`${name} ${issue?.message}${value}.`);
  }
  const variables = parsed.data;
  return {
    host: variables.HOST,
    port: variables.PORT,
    databaseUrl: variables.DATABASE_URL ?? null,
    role: roleOf(variables),
    distribute: variables.CORDWOOD_DISTRIBUTE,
    redisUrl: variables.REDIS_URL ?? null,
    dataDir: path.resolve(variables.CORDWOOD_DATA_DIR),
    retentionDays: variables.CORDWOOD_RETENTION_DAYS,
    maxDiskBytes: variables.CORDWOOD_MAX_DISK ?? null,
    segments: segmentsOf(variables),
    s3PathStyle: variables.CORDWOOD_S3_PATH_STYLE,
    segmentMemoryBytes: variables.CORDWOOD_SEGMENT_MEMORY_MB * 1024 * 1024,
    logLevel: variables.CORDWOOD_LOG_LEVEL,
    smtpUrl: variables.SMTP_URL ?? null,
    mailFrom: variables.CORDWOOD_MAIL_FROM,
    publicUrl: variables.CORDWOOD_URL?.replace(/\/+$/, "") ?? null,
    webhookPolicy: {
      allowPrivate: variables.CORDWOOD_ALLOW_PRIVATE_WEBHOOKS,
      allowed: variables.CORDWOOD_WEBHOOK_ADDRESSES ?? [],
    },
    trustedProxies: variables.CORDWOOD_TRUSTED_PROXIES ?? [],
    secret: variables.CORDWOOD_SECRET ?? null,
    firstAdmin: firstAdminOf(variables),
    apiKey: variables.CORDWOOD_API_KEY
      ? { key: variables.CORDWOOD_API_KEY, scopes: variables.CORDWOOD_API_KEY_SCOPES ?? ["ingest"] }
      : null,
    oidc: oidcOf(variables),
    listeners: listenersOf(variables),
    inngestServer: hasInngestServer(variables),
  };
}

/** Whether a value must not be repeated: a URL may hold a password. */
const isSecret = (name: string, value = ""): boolean =>
  /_(KEY|SECRET|PASSWORD)$/.test(name) || (name.endsWith("_URL") && (!value.startsWith("http") || value.includes("@")));

/** Every variable that is read. */
export const VARIABLES: readonly string[] = Object.keys(environmentSchema.shape);

/** Of the tests and of programs beside the server. */
const OTHER_VARIABLES = ["CORDWOOD_TEST_BROWSER", "CORDWOOD_TEST_LINES_PER_SECOND", "CORDWOOD_TEST_STREAMS"];

/**
 * Names that look as if they were meant for Cordwood and are none of its variables. They don't stop the start: Kubernetes sets such ones for a
 * service of this name.
 */
export const unknownVariables = (environment: Readonly<Record<string, string | undefined>>): string[] =>
  Object.keys(environment).filter(
    (name) =>
      name.startsWith("CORDWOOD_") &&
      !VARIABLES.includes(name) &&
      !OTHER_VARIABLES.includes(name) &&
      !/^CORDWOOD_(SERVICE_|PORT($|_))/.test(name),
  );

type Variables = z.output<typeof environmentSchema>;

/**
 * A dev server doesn't sign its calls, so anybody who reaches the server could make them; any other server's calls are refused
 * without the key that shows that it signed them, so no job would run.
 */
function hasInngestServer(variables: Variables): boolean {
  const { HOST: host, INNGEST_DEV: isDev = false, INNGEST_SIGNING_KEY: signingKey } = variables;
  if (isDev) {
    const toOthers = {
      publicUrl: variables.CORDWOOD_URL ?? null,
      trustedProxies: variables.CORDWOOD_TRUSTED_PROXIES ?? [],
    };
    if (!(isLoopbackAddress(host) || isLoopbackHost(host)) || isPublished(toOthers))
      throw new ConfigError(
        "INNGEST_DEV is for this machine only, as anybody can call jobs with it: HOST must be a loopback address, CORDWOOD_URL name no other host, and CORDWOOD_TRUSTED_PROXIES be absent.",
      );
    return true;
  }
  if (signingKey !== undefined) return true;
  const name = variables.INNGEST_EVENT_KEY !== undefined ? "INNGEST_EVENT_KEY" : "INNGEST_BASE_URL";
  if (variables.INNGEST_EVENT_KEY === undefined && variables.INNGEST_BASE_URL === undefined) return false;
  throw new ConfigError(
    `${name} needs INNGEST_SIGNING_KEY, without which no call of the Inngest server is taken and no job runs, or INNGEST_DEV for a dev server.`,
  );
}

/** One that has a database of its own is alone, so nobody would do what it doesn't. */
function roleOf({ CORDWOOD_ROLE: role, DATABASE_URL: database }: Variables): InstanceRole | null {
  if (role !== undefined && database === undefined)
    throw new ConfigError("CORDWOOD_ROLE needs DATABASE_URL, which instances of the other roles use too.");
  return role ?? null;
}

/** @param place such as s3://bucket/prefix; null when it is no place in a bucket */
export function bucketOf(place: string, pathStyle: boolean): BucketPlace | null {
  const [, bucket, prefix = ""] = BUCKET.exec(place) ?? [];
  return bucket === undefined ? null : { bucket, prefix: prefix.replaceAll(/^\/+|\/+$/g, ""), pathStyle };
}

function segmentsOf(variables: Variables): SegmentsPlace {
  const data = path.resolve(variables.CORDWOOD_DATA_DIR);
  const place = variables.CORDWOOD_SEGMENTS ?? path.join(data, "segments");
  const bucket = bucketOf(place, variables.CORDWOOD_S3_PATH_STYLE);
  if (bucket === null) return { folder: path.resolve(place) };
  return {
    bucket,
    cache: { folder: path.join(data, "segment-cache"), bytes: variables.CORDWOOD_SEGMENT_CACHE_MB * 1024 * 1024 },
  };
}

function firstAdminOf({ CORDWOOD_ADMIN_EMAIL: email, CORDWOOD_ADMIN_PASSWORD: password }: Variables) {
  if (email !== undefined && password !== undefined) return { email: email.toLowerCase(), password };
  if (email === undefined && password === undefined) return null;
  throw new ConfigError("CORDWOOD_ADMIN_EMAIL and CORDWOOD_ADMIN_PASSWORD must be set together.");
}

function oidcOf(variables: Variables): OidcConfig | null {
  const { OIDC_ISSUER_URL: issuer, OIDC_CLIENT_ID: clientId, OIDC_CLIENT_SECRET: clientSecret } = variables;
  if (issuer === undefined && clientId === undefined && clientSecret === undefined) return null;
  if (issuer === undefined || clientId === undefined || clientSecret === undefined) {
    throw new ConfigError("OIDC_ISSUER_URL, OIDC_CLIENT_ID and OIDC_CLIENT_SECRET must be set together.");
  }
  return {
    issuer: issuer.replace(/\/+$/, ""),
    clientId,
    clientSecret,
    name: variables.OIDC_NAME,
    defaultRole: variables.OIDC_DEFAULT_ROLE ?? null,
  };
}

function listenersOf(variables: Variables): ListenersConfig {
  const tls = tlsOf(variables);
  if (variables.CORDWOOD_SYSLOG_TLS_PORT !== undefined && !tls) {
    throw new ConfigError("CORDWOOD_SYSLOG_TLS_PORT needs CORDWOOD_TLS_CERT and CORDWOOD_TLS_KEY.");
  }
  return {
    syslogPort: variables.CORDWOOD_SYSLOG_PORT ?? null,
    syslogTlsPort: variables.CORDWOOD_SYSLOG_TLS_PORT ?? null,
    syslogTimeZone: variables.CORDWOOD_SYSLOG_TIMEZONE,
    gelfPort: variables.CORDWOOD_GELF_PORT ?? null,
    forwardPort: variables.CORDWOOD_FORWARD_PORT ?? null,
    otlpGrpcPort: variables.CORDWOOD_OTLP_GRPC_PORT ?? null,
    forwardSharedKey: variables.CORDWOOD_FORWARD_SHARED_KEY ?? null,
    addresses: variables.CORDWOOD_LISTENER_ADDRESSES ?? [],
    tls,
  };
}

function tlsOf({ CORDWOOD_TLS_CERT: cert, CORDWOOD_TLS_KEY: key, CORDWOOD_TLS_CLIENT_CA: clientCa }: Variables) {
  if (cert !== undefined && key !== undefined) return { cert, key, clientCa: clientCa ?? null };
  if (cert === undefined && key === undefined && clientCa === undefined) return null;
  throw new ConfigError("CORDWOOD_TLS_CERT and CORDWOOD_TLS_KEY must be set together.");
}
