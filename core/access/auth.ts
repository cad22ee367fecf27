import { type BetterAuthOptions, betterAuth } from "better-auth";
import { drizzleAdapter } from "better-auth/adapters/drizzle";
import { genericOAuth } from "better-auth/plugins";
import { and, eq } from "drizzle-orm";
import { SECOND_MS } from "@/core/clock";
import type { OidcConfig } from "@/core/config";
import { LIMITS } from "@/core/limits";
import type { Logger } from "@/core/logger";
import type { Mailer } from "@/core/mail/mailer";
import { deriveKey } from "@/core/secrets/secret-box";
import type { Database } from "@/db/client";
import { accounts, sessions, users, verifications } from "@/db/schema";
import { roleOfStranger } from "./invitations/role-of-stranger";
import { SERVER_HEADERS } from "./server-headers";
import { resetLink, sendResetMail } from "./users/send-reset-mail";

type AuthParts = {
  db: Database;
  logger: Logger;
  secret: string;
  /** Without a slash at its end; with https cookies are sent over TLS only. */
  publicUrl: string;
  mailer: Mailer | null;
  oidc: OidcConfig | null;
};

/** Of better-auth's account table, for people who come through OpenID Connect. */
export const OIDC_PROVIDER = "oidc";

export const PASSWORD_PROVIDER = "credential";

/**
 * Accounts, passwords (scrypt) and sessions by better-auth, in our own tables. Its HTTP endpoints are not served: routes of
 * ours call its functions, so that each names what it needs like all others (ADR 11).
 */
export function createAuth({ db, logger, secret, publicUrl, mailer, oidc }: AuthParts) {
  const options = {
    appName: "Cordwood",
    baseURL: publicUrl,
    basePath: "/api/access",
    secret: deriveKey(secret, "sessions").toString("hex"),
    database: drizzleAdapter(db, {
      provider: "pg",
      schema: { user: users, session: sessions, account: accounts, verification: verifications },
      transaction: true,
    }),
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: LIMITS.passwordLeast,
      maxPasswordLength: LIMITS.passwordMost,
      resetPasswordTokenExpiresIn: LIMITS.resetMs / SECOND_MS,
      revokeSessionsOnPasswordReset: true,
      // Not waited for: how long an answer takes must not tell whether there is such an account.
      sendResetPassword: async ({ user, token }: { user: { id: string; email: string }; token: string }) => {
        if (!mailer) return;
        const send = async () => {
          // Who comes through the provider only would have a second way in, that it knows nothing of.
          if (await hasPassword(db, user.id)) await sendResetMail(mailer, user.email, resetLink(publicUrl, token));
        };
        send().catch((error: unknown) =>
          logger.error({ error }, "a mail with a link for a new password could not be sent"),
        );
      },
    },
    user: { additionalFields: { role: { type: "string", required: false, input: false } } },
    session: { expiresIn: LIMITS.sessionMs / SECOND_MS, updateAge: LIMITS.sessionMs / 7 / SECOND_MS },
    verification: { storeIdentifier: "hashed" },
    // No provider is trusted with addresses that it has not verified: whoever names one there must not get its account here.
    account: { encryptOAuthTokens: true, accountLinking: { enabled: true } },
    databaseHooks: {
      user: {
        create: {
          // Those whom we make have a role; the others come through OpenID Connect.
          before: async (user: { email: string; emailVerified?: boolean; role?: unknown }) => {
            if (typeof user.role === "string") return { data: user };
            if (user.emailVerified !== true) return false;
            const role = await roleOfStranger(db, user.email, oidc?.defaultRole ?? null);
            return role === null ? false : { data: { ...user, role } };
          },
        },
      },
      // Nothing asks for it again, and better-auth seals the other tokens only.
      account: { create: { before: withoutIdToken }, update: { before: withoutIdToken } },
    },
    // What comes back from a provider when nobody waits for it any more.
    onAPIError: { errorURL: `${publicUrl}/sign-in` },
    plugins: oidc
      ? [
          genericOAuth({
            config: [
              {
                providerId: OIDC_PROVIDER,
                name: oidc.name,
                discoveryUrl: `${oidc.issuer}/.well-known/openid-configuration`,
                requireIdTokenVerification: true,
                requireEmailVerification: true,
                clientId: oidc.clientId,
                clientSecret: oidc.clientSecret,
                scopes: ["openid", "email", "profile"],
                redirectURI: `${publicUrl}/api/access/oidc/callback`,
              },
            ],
          }),
        ]
      : [],
    advanced: {
      cookiePrefix: "cordwood",
      useSecureCookies: publicUrl.startsWith("https:"),
      defaultCookieAttributes: { sameSite: "lax", httpOnly: true, path: "/" },
      ipAddress: { ipAddressHeaders: [SERVER_HEADERS.address] },
    },
    // Ours counts addresses over all instances, and only better-auth's own endpoints would ask its.
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    logger: {
      level: "error",
      log: (_level: string, message: string, ...details: unknown[]) => logger.error({ details }, message),
    },
  } satisfies BetterAuthOptions;
  return betterAuth(options);
}

export type Auth = ReturnType<typeof createAuth>;

const withoutIdToken = async <Account extends object>(account: Account) => ({ data: { ...account, idToken: null } });

async function hasPassword(db: Database, userId: string): Promise<boolean> {
  const own = and(eq(accounts.userId, userId), eq(accounts.providerId, PASSWORD_PROVIDER));
  return (await db.select({ id: accounts.id }).from(accounts).where(own).limit(1)).length > 0;
}
