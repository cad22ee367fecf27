import { bigint, boolean, index, json, text, uuid, varchar } from "drizzle-orm/pg-core";
import { ACTOR_KINDS, KEY_SCOPES, ROLES } from "./access-names";
import { logsSchema, moment } from "./logs-schema";

/** The names of the columns of users, sessions, accounts and verifications are better-auth's (its "core schema"). */
export const users = logsSchema.table("users", {
  id: text().primaryKey(),
  name: text().notNull(),
  email: text().notNull().unique(),
  emailVerified: boolean().notNull(),
  image: text(),
  role: text({ enum: ROLES }).notNull(),
  createdAt: moment().notNull(),
  updatedAt: moment().notNull(),
});

const userId = () =>
  text()
    .notNull()
    .references(() => users.id, { onDelete: "cascade" });

export const sessions = logsSchema.table(
  "sessions",
  {
    id: text().primaryKey(),
    token: text().notNull().unique(),
    userId: userId(),
    expiresAt: moment().notNull(),
    ipAddress: text(),
    userAgent: text(),
    createdAt: moment().notNull(),
    updatedAt: moment().notNull(),
  },
  (table) => [index().on(table.userId)],
);

/** How a user signs in: by password, or as somebody whom an OpenID provider knows. */
export const accounts = logsSchema.table(
  "accounts",
  {
    id: text().primaryKey(),
    accountId: text().notNull(),
    providerId: text().notNull(),
    userId: userId(),
    accessToken: text(),
    refreshToken: text(),
    idToken: text(),
    accessTokenExpiresAt: moment(),
    refreshTokenExpiresAt: moment(),
    scope: text(),
    /** Hashed by scrypt. */
    password: text(),
    createdAt: moment().notNull(),
    updatedAt: moment().notNull(),
  },
  (table) => [index().on(table.userId)],
);

/** What was sent by mail and must come back: links for a new password. */
export const verifications = logsSchema.table(
  "verifications",
  {
    id: text().primaryKey(),
    identifier: text().notNull(),
    value: text().notNull(),
    expiresAt: moment().notNull(),
    createdAt: moment().notNull(),
    updatedAt: moment().notNull(),
  },
  (table) => [index().on(table.identifier)],
);

/** Who may make an account: a link that works once. */
export const invitations = logsSchema.table("invitations", {
  id: uuid().primaryKey(),
  email: text().notNull().unique(),
  role: text({ enum: ROLES }).notNull(),
  /** SHA-256 of the link's token, hexadecimal. */
  tokenHash: text().notNull().unique(),
  invitedBy: text().notNull(),
  createdAt: moment().notNull(),
  expiresAt: moment().notNull(),
});

export const apiKeys = logsSchema.table("api_keys", {
  id: uuid().primaryKey(),
  name: text().notNull(),
  /** SHA-256 of the key, hexadecimal: a key is random enough to need no slow hash. */
  keyHash: text().notNull().unique(),
  /** By which people recognise it. */
  start: text().notNull(),
  scopes: text({ enum: KEY_SCOPES }).array().notNull(),
  /** That it may write; null: all. */
  services: text().array(),
  createdBy: text().notNull(),
  createdAt: moment().notNull(),
  expiresAt: moment(),
  /** To the minute. */
  lastUsedAt: moment(),
  revokedAt: moment(),
});

/** Who did what and when. A trigger refuses every change of what is written. */
export const auditEvents = logsSchema.table(
  "audit_events",
  {
    id: bigint({ mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
    at: moment().notNull(),
    actorKind: text({ enum: ACTOR_KINDS }).notNull(),
    /** The id of a user or key. */
    actorId: text(),
    /** As it was called then: names change, and users go. */
    actorName: text().notNull(),
    action: text().notNull(),
    target: text(),
    detail: json(),
    address: text(),
  },
  (table) => [index().on(table.at)],
);

/** Counts of attempts, shared by all instances; the names are rate-limiter-flexible's, `expire` is in ms since 1970. */
export const rateLimits = logsSchema.table(
  "rate_limits",
  {
    key: varchar({ length: 255 }).primaryKey(),
    points: bigint({ mode: "number" }).notNull(),
    expire: bigint({ mode: "number" }),
  },
  (table) => [index().on(table.expire)],
);
