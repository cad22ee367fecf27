import { RE2JS } from "re2js";
import { z } from "zod";
import { LIMITS } from "@/core/limits";

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
      const reason = error instanceof Error ? error.message : String(error);
      context.addIssue({ code: "custom", message: `is no regular expression of RE2: ${reason}` });
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

export const retentionSchema = z.strictObject({
  /** Null: what CORDWOOD_RETENTION_DAYS says. */
  days: z
    .int("must be a whole number of days")
    .min(1, "must be at least 1")
    .max(LIMITS.retentionDays, `must be at most ${LIMITS.retentionDays}`)
    .nullable()
    .default(null),
});

export const maskedServiceSchema = z.object({ service: z.string(), masked: z.number() });

/** With what it did: how many places were masked since ever, by service. */
export const maskingStateSchema = z.object({ settings: maskingSchema, services: z.array(maskedServiceSchema) });

export const retentionStateSchema = z.object({ days: z.number().nullable(), default_days: z.number() });

export type Masking = z.output<typeof maskingSchema>;
export type Retention = z.output<typeof retentionSchema>;
export type MaskedService = z.infer<typeof maskedServiceSchema>;
