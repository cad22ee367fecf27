import { RE2JS } from "re2js";
import { z } from "zod";
import { reasonOf } from "@/core/errors";
import { LEVELS } from "@/core/levels";
import { LIMITS } from "@/core/limits";
import { madeFromSchema } from "@/core/made-from";
import { oneOf } from "@/core/one-of";
import { storageStateSchema } from "@/core/retention/schemas";
import { serviceNameSchema } from "@/core/service-name";

const flag = (of: string) => z.boolean(`${of} must be true or false`);

/** A regular expression as RE2 has them: its time is linear to the text, whatever somebody writes. */
const expression = z
  .string("must be text")
  .min(1, "must not be empty")
  .max(LIMITS.maskCharacters, `must have at most ${LIMITS.maskCharacters} characters`)
  .superRefine((source, context) => {
    try {
      if (RE2JS.compile(source).matcher("").find()) {
        context.addIssue({ code: "custom", message: "must not match what is empty" });
      }
    } catch (error) {
      context.addIssue({ code: "custom", message: `is no regular expression of RE2: ${reasonOf(error)}` });
    }
  });

/** What is taken out of entries before anything else sees them. */
export const maskingSchema = z.strictObject({
  emails: flag("emails").default(false),
  cards: flag("cards").default(false),
  tokens: flag("tokens").default(false),
  expressions: z
    .array(expression, "must be a list of regular expressions")
    .max(LIMITS.masks, `must be at most ${LIMITS.masks}`)
    .default([]),
});

const retentionDays = z
  .int("must be a whole number of days")
  .min(1, "must be at least 1")
  .max(LIMITS.retentionDays, `must be at most ${LIMITS.retentionDays}`);

/** Entries of a service, of a level, or of a level of a service are kept for so many days. */
export const retentionRuleSchema = z
  .strictObject({
    /** Null: of every service. */
    service: serviceNameSchema.nullable().default(null),
    /** Null: of every level. */
    level: oneOf(LEVELS).nullable().default(null),
    days: retentionDays,
  })
  .refine(({ service, level }) => service !== null || level !== null, {
    path: ["service"],
    message: "or a level must be named",
  });

const retentionRules = z
  .array(retentionRuleSchema, "must be a list of rules")
  .max(LIMITS.retentionRules, `must be at most ${LIMITS.retentionRules}`)
  .superRefine((rules, context) => {
    const known = new Set<string>();
    for (const [index, { service, level }] of rules.entries()) {
      const key = JSON.stringify([service, level]);
      if (known.has(key))
        context.addIssue({ code: "custom", path: [index, "service"], message: "has such a rule already" });
      known.add(key);
    }
  });

const diskGb = z
  .number("must be a number")
  .min(0.1, "must be at least 0.1")
  .max(LIMITS.maxDiskGb, `must be at most ${LIMITS.maxDiskGb}`);

/** What is stored. Null: what the server was started with. */
export const retentionSchema = z.strictObject({
  /** Of entries that no rule names; null: CORDWOOD_RETENTION_DAYS. */
  days: retentionDays.nullable().default(null),
  /** Of counts by the hour and by the day; null: as the entries that no rule names. */
  counts_days: retentionDays.nullable().default(null),
  rules: retentionRules.default([]),
  /** What may be stored, in GB (thousand millions of bytes); null: CORDWOOD_MAX_DISK. */
  max_disk_gb: diskGb.nullable().default(null),
});

/** What a change names; the rest stays as it is. */
export const retentionChangeSchema = z.strictObject({
  days: retentionDays.nullable().optional(),
  counts_days: retentionDays.nullable().optional(),
  rules: retentionRules.optional(),
  max_disk_gb: diskGb.nullable().optional(),
});

const count = z
  .int("must be a whole number")
  .min(0, "must be at least 0")
  .max(LIMITS.alertThreshold, `must be at most ${LIMITS.alertThreshold}`);
const rate = z.number("must be a number").min(0, "must be at least 0").max(1, "must be at most 1");

/**
 * When a service is not well, by its entries of the last hour (docs/operations.md, Health): each is the most that passes, null is not
 * looked at. Rates are fractions of all entries, from 0 to 1.
 */
export const healthSchema = z.strictObject({
  /** Error when there is more of any than this. */
  error: z
    .strictObject({ errors: count.nullable().default(50), error_rate: rate.nullable().default(null) })
    .prefault({}),
  /** Else Warning when there is more of any than this. */
  warning: z
    .strictObject({
      errors: count.nullable().default(10),
      error_rate: rate.nullable().default(0.1),
      warnings: count.nullable().default(50),
      warning_rate: rate.nullable().default(null),
    })
    .prefault({}),
  /** Rates say something from so many entries on. */
  least_entries: count.default(20),
});

/** What PUT takes: the settings, and what they were made from. */
export const healthUpdateSchema = healthSchema.extend({ updated_at: madeFromSchema });
export const maskingUpdateSchema = maskingSchema.extend({ updated_at: madeFromSchema });
export const retentionUpdateSchema = retentionChangeSchema.extend({ updated_at: madeFromSchema });

/** When it was changed; null: never. */
const updated_at = z.iso.datetime().nullable();

export const healthStateSchema = z.object({ ...healthSchema.shape, updated_at });

export const maskedServiceSchema = z.object({ service: z.string(), masked: z.number() });

export const maskingSavedSchema = z.object({ ...maskingSchema.shape, updated_at });

/** With what it did: how many places were masked since ever, by service. */
export const maskingStateSchema = z.object({
  settings: maskingSchema,
  updated_at,
  /** Those with the most. */
  services: z.array(maskedServiceSchema),
  /** How many there are. */
  services_total: z.number(),
});

export const retentionStateSchema = z.object({
  ...retentionSchema.shape,
  updated_at,
  default_days: z.number(),
  /** Null: no limit. */
  default_max_disk_gb: z.number().nullable(),
  /** Null before the first run of seal-segments. */
  storage: storageStateSchema.nullable(),
});

export type Health = z.output<typeof healthSchema>;
export type Masking = z.output<typeof maskingSchema>;
export type Retention = z.output<typeof retentionSchema>;
export type RetentionRule = z.output<typeof retentionRuleSchema>;
export type MaskedService = z.infer<typeof maskedServiceSchema>;
