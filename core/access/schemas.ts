import { z } from "zod";
import { LIMITS } from "@/core/limits";
import { oneOf } from "@/core/one-of";
import { dateTimeField } from "@/core/time-fields";
import { KEY_SCOPES, ROLES } from "./roles";

const time = z.iso.datetime();

/** PostgreSQL can't store NUL in text, and control characters have no place in names. */
const name = z
  .string("is required")
  .trim()
  .min(1, "must not be empty")
  .max(LIMITS.nameCharacters, `must have at most ${LIMITS.nameCharacters} characters`)
  .regex(/^\P{Cc}*$/u, "must not hold control characters");

const email = z.email("must be an e-mail address").max(255, "must have at most 255 characters").toLowerCase();

/** Of an account that is there: whatever was accepted once. */
const anyPassword = z.string("is required").min(1, "is required").max(LIMITS.passwordMost, "is too long");

const newPassword = z
  .string("is required")
  .min(LIMITS.passwordLeast, `must have at least ${LIMITS.passwordLeast} characters`)
  .max(LIMITS.passwordMost, `must have at most ${LIMITS.passwordMost} characters`);

const token = z.string("is required").min(1, "is required").max(200, "is not one of ours");

const role = oneOf(ROLES);

export const signInInputSchema = z.strictObject({ email, password: anyPassword });
export const setUpInputSchema = z.strictObject({
  name,
  email,
  password: newPassword,
  token: z.string().max(200, "is not one of ours").default(""),
});
export const resetRequestSchema = z.strictObject({ email });
export const resetInputSchema = z.strictObject({ token, password: newPassword });
export const passwordInputSchema = z.strictObject({ current: anyPassword, password: newPassword });
export const inviteInputSchema = z.strictObject({ email, role });
export const joinInputSchema = z.strictObject({ token, name, password: newPassword });
export const roleInputSchema = z.strictObject({ role });

export const keyInputSchema = z.strictObject({
  name,
  scopes: z.array(oneOf(KEY_SCOPES), "is required").min(1, "must name at least one"),
  services: z
    .array(
      z
        .string()
        .trim()
        .min(1, "must not be empty")
        .max(LIMITS.serviceCharacters, `must have at most ${LIMITS.serviceCharacters} characters`)
        .regex(/^\P{Cc}*$/u, "must not hold control characters"),
      "must be a list of services",
    )
    .max(100, "must be at most 100")
    .nullable()
    .default(null)
    .transform((services) => (services?.length === 0 ? null : services)),
  expires_at: dateTimeField.nullable().default(null),
});

export const userSchema = z.object({
  id: z.string(),
  name: z.string(),
  email: z.string(),
  role,
  created_at: time,
  /** Of any of the sessions that are open. */
  last_seen_at: time.nullable(),
});

export const invitationSchema = z.object({
  id: z.string(),
  email: z.string(),
  role,
  invited_by: z.string(),
  created_at: time,
  expires_at: time,
});

/** The link is told once. */
export const newInvitationSchema = invitationSchema.extend({ link: z.string(), mailed: z.boolean() });

export const apiKeySchema = z.object({
  id: z.string(),
  name: z.string(),
  /** By which it is recognised. */
  start: z.string(),
  scopes: z.array(z.enum(KEY_SCOPES)),
  services: z.array(z.string()).nullable(),
  created_by: z.string(),
  created_at: time,
  expires_at: time.nullable(),
  last_used_at: time.nullable(),
  revoked_at: time.nullable(),
});

/** The key itself is told once. */
export const newApiKeySchema = apiKeySchema.extend({ key: z.string() });

export const sessionSchema = z.object({
  id: z.string(),
  created_at: time,
  last_seen_at: time,
  expires_at: time,
  address: z.string().nullable(),
  browser: z.string().nullable(),
  is_current: z.boolean(),
});

export type SignInInput = z.output<typeof signInInputSchema>;
export type JoinInput = z.output<typeof joinInputSchema>;
export type InviteInput = z.output<typeof inviteInputSchema>;
export type KeyInput = z.output<typeof keyInputSchema>;
export type User = z.infer<typeof userSchema>;
export type Invitation = z.infer<typeof invitationSchema>;
export type NewInvitation = z.infer<typeof newInvitationSchema>;
export type ApiKey = z.infer<typeof apiKeySchema>;
export type NewApiKey = z.infer<typeof newApiKeySchema>;
export type OpenSession = z.infer<typeof sessionSchema>;
