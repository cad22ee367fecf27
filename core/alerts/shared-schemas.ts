import { z } from "zod";
import { LIMITS } from "@/core/limits";
import { oneOf } from "@/core/one-of";
import { storableText } from "@/core/storable-text";
import { timeZoneField } from "@/core/time-fields";
import { whole } from "@/core/whole-number";
import { DELIVERY_CHANNELS, SEVERITIES, WEBHOOK_FORMATS } from "@/db/schema/alert-names";

export const flag = z.boolean("must be true or false");
export const resolveAfterSchema = whole(1, 1_440);
export const remindSchema = whole(1, 10_080);

const addressSchema = z.email();

/** Addresses between commas, as one string; empty is the same as none. */
export const emailsSchema = z
  .string("must be addresses separated by commas")
  .max(2_000, "must have at most 2000 characters")
  .transform((text) =>
    text
      .split(",")
      .map((address) => address.trim())
      .filter((address) => address !== ""),
  )
  .refine(
    (addresses) => addresses.length <= LIMITS.alertAddresses,
    `must be at most ${LIMITS.alertAddresses} addresses`,
  )
  .refine(
    (addresses) => addresses.every((address) => addressSchema.safeParse(address).success),
    "must be e-mail addresses separated by commas, such as ops@example.com",
  )
  .transform((addresses) => (addresses.length > 0 ? addresses.join(", ") : null));

/** Empty is the same as none. */
export const httpUrlSchema = storableText(2_000)
  .trim()
  .refine((text) => text === "" || isHttpUrl(text), "must be an http or https URL without a user name in it")
  .transform((text) => (text === "" ? null : text));

function isHttpUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  return (url.protocol === "https:" || url.protocol === "http:") && url.username === "" && url.password === "";
}

export const secretSchema = z
  .string("must be text")
  .max(200, "must have at most 200 characters")
  .transform((text) => (text === "" ? null : text));

export const webhookFormatSchema = oneOf(WEBHOOK_FORMATS);

const CLOCK_TIME = /^([01]\d|2[0-3]):[0-5]\d$/;
const clockTime = z.string("must be a time such as 22:00").regex(CLOCK_TIME, "must be a time such as 22:00");

/** Every day from one time on the clocks of a zone to another, over midnight where `to` is not later: nobody is told then. */
export const quietHoursSchema = z
  .strictObject({
    from: clockTime,
    to: clockTime,
    time_zone: timeZoneField,
  })
  .refine(({ from, to }) => from !== to, { path: ["to"], error: "must not be the same as from" });

export type QuietHours = z.output<typeof quietHoursSchema>;

/** Whether there must be a secret beside the address. */
export const needsSecret = (format: (typeof WEBHOOK_FORMATS)[number]): boolean =>
  format === "pagerduty" || format === "opsgenie";

/** One of several who are told, each from a severity of its own on. */
export const receiverInputSchema = z
  .object({
    /** Of one that is there: its secret stays when none is given, as long as it goes to the same place. */
    id: z.int().optional(),
    channel: oneOf(DELIVERY_CHANNELS),
    target: z.string("is required").trim().min(1, "is required").max(2_000, "must have at most 2000 characters"),
    format: webhookFormatSchema.default("generic"),
    /** A key of the receiving service, or what signs the calls; never read back. */
    secret: secretSchema.nullable().optional(),
    least_severity: oneOf(SEVERITIES).default("info"),
  })
  .superRefine(({ id, channel, target, format, secret }, context) => {
    const problem = (path: string, message: string) => context.addIssue({ code: "custom", path: [path], message });
    const parsed = (channel === "email" ? emailsSchema : httpUrlSchema).safeParse(target);
    if (!parsed.success) problem("target", parsed.error.issues[0]?.message ?? "is not valid");
    if (channel === "email") return;
    if (needsSecret(format) && !secret && id === undefined) problem("secret", `is required for ${format}`);
    if (format === "telegram" && parsed.success && !new URL(target).searchParams.get("chat_id")) {
      problem("target", "must be https://api.telegram.org/bot<token>/sendMessage?chat_id=<chat>");
    }
  });

export const receiversSchema = z
  .array(receiverInputSchema, "must be a list")
  .max(LIMITS.alertReceivers, `must be at most ${LIMITS.alertReceivers}`);

export const receiverSchema = z.object({
  id: z.number(),
  channel: z.enum(DELIVERY_CHANNELS),
  target: z.string(),
  format: z.enum(WEBHOOK_FORMATS),
  secret_set: z.boolean(),
  least_severity: z.enum(SEVERITIES),
});

export type ReceiverInput = z.output<typeof receiverInputSchema>;
export type Receiver = z.infer<typeof receiverSchema>;
