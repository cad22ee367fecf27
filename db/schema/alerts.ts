import { sql } from "drizzle-orm";
import { bigint, boolean, index, integer, primaryKey, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { DELIVERY_CHANNELS, DELIVERY_KINDS, DELIVERY_STATUSES, INCIDENT_KINDS, WEBHOOK_FORMATS } from "./alert-names";
import { levelEnum, logsSchema, moment, transactionId } from "./logs-schema";

const id = () => bigint({ mode: "number" }).primaryKey().generatedAlwaysAsIdentity();

/** What is watched, and who is told; one a service. Which thresholds held when is in alert_thresholds. */
export const alertConfigs = logsSchema.table("alert_configs", {
  id: id(),
  service: text().notNull().unique(),
  errorThresholdPerMin: integer().notNull(),
  warningThresholdPerMin: integer().notNull(),
  /** Of each pattern of errors; null: not watched. */
  patternThresholdPerMin: integer(),
  /** Whether a pattern of errors that the service never had is news. */
  notifyNewPatterns: boolean().notNull().default(false),
  /** Addresses, separated by commas. */
  alertEmail: text(),
  alertWebhookUrl: text(),
  webhookFormat: text({ enum: WEBHOOK_FORMATS }).notNull(),
  /** Sealed: core/alerts/configs/webhook-secret.ts. */
  webhookSecret: text(),
  resolveAfterMinutes: integer().notNull(),
  notifyResolved: boolean().notNull(),
  remindEveryMinutes: integer(),
  noLogsMinutes: integer(),
  enabled: boolean().notNull(),
  createdAt: moment().notNull(),
  updatedAt: moment().notNull(),
});

/**
 * The thresholds of a service from the minute `valid_from` on, until the next row; null for none. Because of this history a
 * late entry is judged by what held in its own minute, in whatever order entries and changes come (ADR 6). Ingest locks
 * the rows of a service while it judges its minutes.
 */
export const alertThresholds = logsSchema.table(
  "alert_thresholds",
  {
    service: text().notNull(),
    validFrom: moment().notNull(),
    errorThreshold: integer(),
    warningThreshold: integer(),
    patternThreshold: integer(),
  },
  (table) => [primaryKey({ columns: [table.service, table.validFrom] })],
);

export const alertIncidents = logsSchema.table(
  "alert_incidents",
  {
    id: id(),
    service: text().notNull(),
    kind: text({ enum: INCIDENT_KINDS }).notNull(),
    /** Of the kinds that are of one pattern: the canonical one when it opened. */
    pattern: bigint({ mode: "bigint" }),
    /** The first and the last minute that crossed; for absence, from when and until when nothing came. */
    firstAt: moment().notNull(),
    lastAt: moment().notNull(),
    openedAt: moment().notNull(),
    resolvedAt: moment(),
    acknowledgedAt: moment(),
    acknowledgeNote: text(),
    /** When the notification of the opening was queued; null while a silence holds it back, or with nobody to tell. */
    notifiedAt: moment(),
    remindedAt: moment(),
    /** The transactions that made and that last changed it; kept by a trigger, which also tells the instances. */
    openedIn: transactionId(),
    changedIn: transactionId(),
  },
  (table) => [
    index("alert_incidents_changed").on(table.changedIn),
    uniqueIndex("alert_incidents_open")
      .on(table.service, table.kind, sql`coalesce(pattern, 0)`)
      .where(sql`resolved_at is null`),
    index("alert_incidents_service").on(table.service, table.kind, table.lastAt),
    index("alert_incidents_opened").on(table.openedAt),
  ],
);

/** Where incidents have gone that turned out to be a part of another one. */
export const alertIncidentRedirects = logsSchema.table(
  "alert_incident_redirects",
  {
    /** Of the incident that is no more. */
    id: bigint({ mode: "number" }).primaryKey(),
    incidentId: bigint({ mode: "number" })
      .notNull()
      .references(() => alertIncidents.id, { onDelete: "cascade" }),
  },
  (table) => [index("alert_incident_redirects_incident").on(table.incidentId)],
);

/** Every minute that crossed a threshold, of a level or of a pattern: one row, whichever way its entries came. */
export const alertViolations = logsSchema.table(
  "alert_violations",
  {
    id: id(),
    service: text().notNull(),
    level: levelEnum().notNull(),
    /** The canonical one when it crossed; null when all of the level were counted. */
    pattern: bigint({ mode: "bigint" }),
    currentCount: bigint({ mode: "number" }).notNull(),
    thresholdValue: integer().notNull(),
    /** Start of the minute. */
    timestamp: moment().notNull(),
    alertSentAt: moment(),
    incidentId: bigint({ mode: "number" }).references(() => alertIncidents.id, { onDelete: "set null" }),
  },
  (table) => [
    uniqueIndex("alert_violations_minute").on(table.service, table.level, table.timestamp, sql`coalesce(pattern, 0)`),
    index("alert_violations_timestamp").on(table.timestamp),
    index("alert_violations_incident").on(table.incidentId),
  ],
);

/** The outbox: written with what it tells of in one transaction, sent afterwards, one row a channel. */
export const alertDeliveries = logsSchema.table(
  "alert_deliveries",
  {
    /** Stays the same however often it is tried, so that receivers can drop repeats. */
    id: uuid().primaryKey().defaultRandom(),
    incidentId: bigint({ mode: "number" })
      .notNull()
      .references(() => alertIncidents.id, { onDelete: "cascade" }),
    kind: text({ enum: DELIVERY_KINDS }).notNull(),
    channel: text({ enum: DELIVERY_CHANNELS }).notNull(),
    /** Addresses or a URL. */
    target: text().notNull(),
    status: text({ enum: DELIVERY_STATUSES }).notNull(),
    attempts: integer().notNull().default(0),
    lastError: text(),
    createdAt: moment().notNull(),
    /** When it may be tried (again); while it is being sent, when the attempt counts as lost. */
    nextAttemptAt: moment().notNull(),
    deliveredAt: moment(),
  },
  (table) => [
    index("alert_deliveries_due").on(table.nextAttemptAt).where(sql`status in ('pending', 'sending')`),
    index("alert_deliveries_incident").on(table.incidentId),
  ],
);

/** While one holds, nobody is told; what happens is recorded all the same. */
export const alertSilences = logsSchema.table("alert_silences", {
  id: id(),
  /** Null: every service. */
  service: text(),
  /** Null: every kind. */
  kind: text({ enum: INCIDENT_KINDS }),
  startsAt: moment().notNull(),
  endsAt: moment().notNull(),
  reason: text().notNull(),
  createdAt: moment().notNull(),
});

/** One row: up to which minute every minute has been judged by checkThresholds. */
export const alertProgress = logsSchema.table("alert_progress", {
  id: integer().primaryKey(),
  checkedUntil: moment().notNull(),
});
