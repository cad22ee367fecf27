import { sql } from "drizzle-orm";
import {
  bigint,
  boolean,
  check,
  doublePrecision,
  index,
  integer,
  json,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";
import {
  ALERT_COMPARISONS,
  CHANGE_AGAINST,
  CHANGE_IN,
  DELIVERY_CHANNELS,
  DELIVERY_KINDS,
  DELIVERY_STATUSES,
  INCIDENT_KINDS,
  QUERY_WATCHES,
  SEVERITIES,
  WEBHOOK_FORMATS,
} from "./alert-names";
import { levelEnum, logsSchema, moment, transactionId } from "./logs-schema";

const id = () => bigint({ mode: "number" }).primaryKey().generatedAlwaysAsIdentity();

/** The alert on a query that a row belongs to, and goes with. */
const ofQueryAlert = () =>
  bigint({ mode: "number" })
    .notNull()
    .references(() => alertQueries.id, { onDelete: "cascade" });

/** What is watched, and who is told; one a service. Which thresholds held when is in alert_thresholds. */
export const alertConfigs = logsSchema.table("alert_configs", {
  id: id(),
  /** `*` for every service that has none of its own. */
  service: text().notNull().unique(),
  /** Of `*`: services that it is not for. */
  exceptServices: text().array().notNull().default([]),
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
  runbookUrl: text(),
  /** When nobody is told: quietHoursSchema. */
  quietHours: json(),
  enabled: boolean().notNull(),
  createdAt: moment().notNull(),
  updatedAt: moment().notNull(),
});

/** Alerts on what a query gives, and how far each is judged. */
export const alertQueries = logsSchema.table("alert_queries", {
  id: id(),
  name: text().notNull().unique(),
  watch: text({ enum: QUERY_WATCHES }).notNull(),
  query: text().notNull(),
  /** For a share: of which lines, by which fields. */
  ofLines: text().notNull(),
  shareBy: text().array().notNull(),
  comparison: text({ enum: ALERT_COMPARISONS }).notNull(),
  threshold: doublePrecision().notNull(),
  windowMinutes: integer().notNull(),
  leastCount: integer().notNull(),
  against: text({ enum: CHANGE_AGAINST }),
  changeIn: text({ enum: CHANGE_IN }).notNull(),
  severity: text({ enum: SEVERITIES }).notNull(),
  runbookUrl: text(),
  quietHours: json(),
  resolveAfterMinutes: integer().notNull(),
  notifyResolved: boolean().notNull(),
  remindEveryMinutes: integer(),
  enabled: boolean().notNull(),
  createdAt: moment().notNull(),
  updatedAt: moment().notNull(),
  /** Windows that end later are judged: since the alert is as it is. */
  validFrom: moment().notNull(),
  /** Minutes from then on are whole in alert_minutes; null: what came before is still to be read. */
  countedFrom: moment(),
  /** PostgreSQL's snapshot: entries that it shows were counted when what came before was read. */
  countedIn: text(),
  /** Windows that end later are still to be judged. */
  judgedUntil: moment().notNull(),
  /** Why it is not judged, for the user; null: it is. */
  problem: text(),
  /** Which lines are not in what it counted, since they could not be read; null: all are. */
  leftOut: text(),
});

/** What the entries of a minute gave to an alert, so that no entry is read twice: a window is put together from its minutes. */
export const alertMinutes = logsSchema.table(
  "alert_minutes",
  {
    alertId: ofQueryAlert(),
    bucket: moment().notNull(),
    /** JSON: core/analytics/groups.ts. */
    groups: text().notNull(),
    /** Entries of groups for which there was no room. */
    cut: bigint({ mode: "number" }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.alertId, table.bucket] }), index("alert_minutes_bucket").on(table.bucket)],
);

/** Windows of long ago that late lines touched: they are judged again after those of now, from the lines. */
export const alertLateWindows = logsSchema.table(
  "alert_late_windows",
  {
    alertId: ofQueryAlert(),
    endsAt: moment().notNull(),
  },
  (table) => [primaryKey({ columns: [table.alertId, table.endsAt] })],
);

/** One row: up to where entries were taken for alert_minutes. */
export const alertFollowing = logsSchema.table("alert_following", {
  id: integer().primaryKey(),
  /** PostgreSQL's snapshot that shows what was taken; null while no alert watches a query. */
  seen: text(),
  /** Transactions that were taken beyond it. */
  ahead: text().array().notNull(),
  seenAt: moment().notNull(),
});

/** Who is told of an alert, beside the mail addresses and the webhook that a configuration has itself. */
export const alertReceivers = logsSchema.table(
  "alert_receivers",
  {
    id: id(),
    configId: bigint({ mode: "number" }).references(() => alertConfigs.id, { onDelete: "cascade" }),
    alertId: bigint({ mode: "number" }).references(() => alertQueries.id, { onDelete: "cascade" }),
    channel: text({ enum: DELIVERY_CHANNELS }).notNull(),
    /** Addresses or a URL. */
    target: text().notNull(),
    format: text({ enum: WEBHOOK_FORMATS }).notNull(),
    /** Sealed: core/alerts/configs/webhook-secret.ts. */
    secret: text(),
    leastSeverity: text({ enum: SEVERITIES }).notNull(),
  },
  (table) => [
    index("alert_receivers_config").on(table.configId),
    index("alert_receivers_alert").on(table.alertId),
    check("alert_receivers_of_one", sql`num_nonnulls(config_id, alert_id) = 1`),
  ],
);

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
    /** Of the service `*`: services that it is not for. Of others nothing. */
    exceptServices: text().array().notNull().default([]),
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
    /** Of the kind `query`: the alert, and the values by which its lines are grouped, as a JSON array in their order. */
    alertId: bigint({ mode: "number" }).references(() => alertQueries.id, { onDelete: "set null" }),
    groupKey: text(),
    /** What it is of, as it was when it opened: watchedSchema. */
    watched: json(),
    severity: text({ enum: SEVERITIES }).notNull().default("error"),
    /** The first and the last minute that crossed; for absence, from when and until when nothing came. Of a window its last minute. */
    firstAt: moment().notNull(),
    lastAt: moment().notNull(),
    /** The last minute in which it crossed by the server's clock: that in which it came, when its own time was still ahead. Null: lastAt. */
    crossedAt: moment(),
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
      .where(sql`resolved_at is null and kind <> 'query'`),
    uniqueIndex("alert_incidents_open_query")
      .on(table.alertId, sql`md5(group_key)`)
      .where(sql`resolved_at is null and kind = 'query'`),
    index("alert_incidents_alert").on(table.alertId, sql`md5(group_key)`, table.lastAt),
    // Says how many of an alert's were told of lately.
    index("alert_incidents_told").on(table.alertId, table.notifiedAt).where(sql`alert_id is not null`),
    index("alert_incidents_service").on(table.service, table.kind, table.lastAt),
    index("alert_incidents_opened").on(table.openedAt),
    // The order in which they are listed.
    index("alert_incidents_order").on(
      sql`(resolved_at is not null)`,
      table.openedAt.desc().nullsFirst(),
      table.id.desc().nullsFirst(),
    ),
    index("alert_incidents_resolved").on(table.resolvedAt),
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

/** Every window of a query's alert that crossed, for each group: one row, whichever way its entries came. */
export const alertWindows = logsSchema.table(
  "alert_windows",
  {
    alertId: ofQueryAlert(),
    endsAt: moment().notNull(),
    groupKey: text().notNull(),
    value: doublePrecision().notNull(),
    threshold: doublePrecision().notNull(),
    incidentId: bigint({ mode: "number" }).references(() => alertIncidents.id, { onDelete: "set null" }),
  },
  (table) => [
    // What lines are grouped by may be longer than an index takes.
    uniqueIndex("alert_windows_group").on(table.alertId, table.endsAt, sql`md5(group_key)`),
    index("alert_windows_incident").on(table.incidentId),
    index("alert_windows_ends").on(table.endsAt),
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
    /** Null: of the configuration itself, or it is there no more. */
    receiverId: bigint({ mode: "number" }).references(() => alertReceivers.id, { onDelete: "set null" }),
    /** Of a receiver that is told elsewhere now, or is there no more: in what it is told still, and its sealed secret until it was. */
    format: text({ enum: WEBHOOK_FORMATS }),
    secret: text(),
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
export const alertSilences = logsSchema.table(
  "alert_silences",
  {
    id: id(),
    /** Null: every service. */
    service: text(),
    /** Null: every kind. */
    kind: text({ enum: INCIDENT_KINDS }),
    /** Null: of every alert. */
    alertId: bigint({ mode: "number" }).references(() => alertQueries.id, { onDelete: "cascade" }),
    startsAt: moment().notNull(),
    endsAt: moment().notNull(),
    reason: text().notNull(),
    createdAt: moment().notNull(),
  },
  (table) => [index("alert_silences_ends").on(table.endsAt, table.id)],
);

/** One row: up to which minute every minute has been judged by checkThresholds. */
export const alertProgress = logsSchema.table("alert_progress", {
  id: integer().primaryKey(),
  checkedUntil: moment().notNull(),
  /** When minutes were judged again after a time in which none were, as nothing ran or the database was away; null: never. */
  resumedAt: moment(),
});
