import { describe, expect, test } from "vitest";
import { invite } from "@/core/access/invitations/invite";
import { join } from "@/core/access/invitations/join";
import { listInvitations } from "@/core/access/invitations/list-invitations";
import { mailInvitation } from "@/core/access/invitations/mail-invitation";
import { roleOfStranger } from "@/core/access/invitations/role-of-stranger";
import { withdrawInvitation } from "@/core/access/invitations/withdraw-invitation";
import { changePassword } from "@/core/access/sessions/change-password";
import { requestPasswordReset, resetPassword } from "@/core/access/sessions/reset-password";
import { signIn } from "@/core/access/sessions/sign-in";
import { addMs, HOUR_MS } from "@/core/clock";
import { LIMITS } from "@/core/limits";
import { createLogger } from "@/core/logger";
import { createMailer, type Mailer } from "@/core/mail/mailer";
import { FIRST_PAGE } from "@/core/page";
import { MailReceiver } from "@/core/testing/receivers";
import { accessOf, PUBLIC_URL } from "@/core/testing/test-access";
import { testDatabase } from "@/core/testing/test-database";
import { invitations, sessions, verifications } from "@/db/schema";
import { changeRole } from "./change-role";
import { createResetLink } from "./create-reset-link";
import { createUser } from "./create-user";
import { listUsers } from "./list-users";
import { removeUser } from "./remove-user";

// better-auth has its own clock, the real one.
const context = testDatabase(new Date().toISOString());
const PASSWORD = "correct horse";

const partsOf = (mailer: Mailer | null = null) => ({
  ...context,
  access: accessOf(context, { mailer }),
  mailer,
  publicUrl: PUBLIC_URL,
  logger: createLogger("silent"),
});

const tokenOf = (text: string) => /#([\w-]+)/.exec(text)?.[1] ?? "";

const userOf = async (email: string) => {
  const user = (await listUsers(context, FIRST_PAGE)).data.find((one) => one.email === email);
  if (!user) throw new Error(`there is no ${email}`);
  return user;
};

describe("an invitation", () => {
  test("given its link, then it makes one account with its role, once, and is stored only as a hash", async () => {
    const parts = partsOf();
    const made = await invite(parts, { email: "admin@example.com", role: "admin" }, "a test");
    const token = tokenOf(made.link);

    expect(made).toMatchObject({ link: `${PUBLIC_URL}/join#${token}`, role: "admin" });
    expect(JSON.stringify(await context.db.select().from(invitations))).not.toContain(token);
    const joined = await Promise.allSettled(
      [1, 2, 3].map(() => join(parts, { token, name: "Admin", password: PASSWORD })),
    );

    expect(joined.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect((await listUsers(context, FIRST_PAGE)).data).toMatchObject([
      { email: "admin@example.com", name: "Admin", role: "admin" },
    ]);
    await expect(invite(parts, { email: "admin@example.com", role: "viewer" }, "a test")).rejects.toMatchObject({
      kind: "conflict",
    });
  });

  test("given one that is withdrawn, made anew or a week old, then its link makes nothing", async () => {
    const parts = partsOf();
    const inviteSecond = () => invite(parts, { email: "second@example.com", role: "viewer" }, "a test");
    const joinBy = (link: string) => join(parts, { token: tokenOf(link), name: "Second", password: PASSWORD });
    const first = await inviteSecond();
    const second = await inviteSecond();
    expect(await listInvitations(context, FIRST_PAGE)).toMatchObject({ total: 1 });
    await expect(joinBy(first.link)).rejects.toMatchObject({ kind: "invalid" });

    await withdrawInvitation(context, second.id);
    await expect(joinBy(second.link)).rejects.toMatchObject({ kind: "invalid" });
    await expect(withdrawInvitation(context, second.id)).rejects.toMatchObject({ kind: "not_found" });

    const third = await inviteSecond();
    const now = context.clock.now();
    context.clock.set(addMs(now, LIMITS.invitationMs).toISOString());
    await expect(joinBy(third.link)).rejects.toMatchObject({ kind: "invalid" });
    expect(await listInvitations(context, FIRST_PAGE)).toEqual({ total: 0, data: [] });
    context.clock.set(now.toISOString());
    await expect(joinBy(third.link)).resolves.toMatchObject({ email: "second@example.com" });
  });

  test("given a mail server, then the link is mailed; given one that refuses, then it is told that it was not", async () => {
    const receiver = new MailReceiver();
    await receiver.start();
    const parts = partsOf(createMailer(receiver.url, "Cordwood <cordwood@example.com>"));

    const made = await invite(parts, { email: "third@example.com", role: "editor" }, "admin@example.com");
    expect(await mailInvitation(parts, made, "admin@example.com")).toBe(true);
    receiver.refuse = "no";
    expect(await mailInvitation(parts, made, "admin@example.com")).toBe(false);
    await receiver.stop();

    expect(await mailInvitation(partsOf(), made, "admin@example.com")).toBe(false);
    expect(receiver.mails.map(({ text }) => text)).toEqual([expect.stringContaining(made.link)]);
  });

  test("given somebody who comes by OpenID Connect, then an open invitation gives the role, else the default does", async () => {
    const parts = partsOf();
    await invite(parts, { email: "fourth@example.com", role: "editor" }, "a test");

    expect(await roleOfStranger(context.db, "Fourth@example.com", null)).toBe("editor");
    expect(await roleOfStranger(context.db, "fourth@example.com", null)).toBeNull();
    expect(await roleOfStranger(context.db, "fourth@example.com", "viewer")).toBe("viewer");
  });
});

describe("users", () => {
  test("given one admin, then that one can neither be removed nor made less", async () => {
    const { id } = await userOf("admin@example.com");

    await expect(removeUser(context, id)).rejects.toMatchObject({ kind: "conflict" });
    await expect(changeRole(context, id, "viewer")).rejects.toMatchObject({ kind: "conflict" });
    await expect(changeRole(context, "nobody", "viewer")).rejects.toMatchObject({ kind: "not_found" });
  });

  test("given two admins who remove each other at once, then one stays", async () => {
    const { id } = await userOf("admin@example.com");
    const other = await createUser(accessOf(context).auth, {
      name: "Somebody Else",
      email: "stranger@example.com",
      password: PASSWORD,
      role: "admin",
    });

    const outcomes = await Promise.allSettled([removeUser(context, id), removeUser(context, other)]);

    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
    expect((await listUsers(context, FIRST_PAGE)).data.filter(({ role }) => role === "admin")).toHaveLength(1);
  });

  test("given a removed user, then its sessions are gone with it", async () => {
    const parts = partsOf();
    await signIn(parts, { email: "second@example.com", password: PASSWORD }, new Headers());
    const { id, last_seen_at } = await userOf("second@example.com");
    expect(last_seen_at).not.toBeNull();

    await removeUser(context, id);

    expect((await context.db.select().from(sessions)).filter(({ userId }) => userId === id)).toEqual([]);
    await expect(
      signIn(parts, { email: "second@example.com", password: PASSWORD }, new Headers()),
    ).rejects.toMatchObject({
      kind: "unauthorised",
    });
  });
});

describe("a new password", () => {
  const user = { name: "Fifth", email: "fifth@example.com", password: PASSWORD, role: "viewer" as const };

  test("given the link that an admin makes, then it sets a password once and ends every session", async () => {
    const parts = partsOf();
    const id = await createUser(parts.access.auth, user);
    await signIn(parts, user, new Headers());
    const { link } = await createResetLink(parts, id);
    const token = tokenOf(link);
    expect(link).toBe(`${PUBLIC_URL}/new-password#${token}`);
    expect(JSON.stringify(await context.db.select().from(verifications))).not.toContain(token);

    expect(await resetPassword(parts, { token, password: "battery staple" })).toMatchObject({ name: user.email });

    expect((await context.db.select().from(sessions)).filter(({ userId }) => userId === id)).toEqual([]);
    await expect(signIn(parts, user, new Headers())).rejects.toMatchObject({ kind: "unauthorised" });
    await signIn(parts, { ...user, password: "battery staple" }, new Headers());
    await expect(resetPassword(parts, { token, password: "once more please" })).rejects.toMatchObject({
      kind: "invalid",
      data: { fields: { token: "is used up or expired: ask for another link" } },
    });
  });

  test("given that it is asked for by mail, then only who has the address gets a link, and the answer is the same", async () => {
    const receiver = new MailReceiver();
    await receiver.start();
    const parts = partsOf(createMailer(receiver.url, "Cordwood <cordwood@example.com>"));

    expect(await requestPasswordReset(parts, "nobody@example.com")).toEqual(
      await requestPasswordReset(parts, user.email),
    );
    await expect.poll(() => receiver.mails.length).toBe(1);
    await receiver.stop();

    const token = tokenOf(receiver.mails[0]?.text ?? "");
    await resetPassword(parts, { token, password: "yet another one" });
    await signIn(parts, { ...user, password: "yet another one" }, new Headers());
    await expect(requestPasswordReset(partsOf(), user.email)).rejects.toMatchObject({ kind: "unavailable" });
  });

  test("given one who comes through an OpenID provider only, when a new password is asked for, then no link is sent", async () => {
    const receiver = new MailReceiver();
    await receiver.start();
    const parts = partsOf(createMailer(receiver.url, "Cordwood <cordwood@example.com>"));
    const { internalAdapter } = await parts.access.auth.$context;
    const other = { email: "oidc@example.com", name: "Other", role: "viewer", emailVerified: true };
    const { id: userId } = await internalAdapter.createUser(other, { method: "admin" });
    await internalAdapter.linkAccount({ userId, providerId: "oidc", accountId: "subject" });

    await requestPasswordReset(parts, other.email);
    await requestPasswordReset(parts, user.email);
    await expect.poll(() => receiver.mails.length).toBe(1);
    await receiver.stop();
    expect(receiver.mails.map(({ to }) => [to].flat()[0]?.text)).toEqual([user.email]);
    await removeUser(parts, userId);
  });

  test("given a link of an hour ago, then it sets nothing", async () => {
    const parts = partsOf();
    const { id } = await userOf(user.email);
    const { link } = await createResetLink({ ...parts, clock: { now: () => addMs(new Date(), -HOUR_MS - 1_000) } }, id);

    await expect(resetPassword(parts, { token: tokenOf(link), password: "too late for it" })).rejects.toMatchObject({
      kind: "invalid",
    });
  });

  test("given one that is changed, then the current one is asked for, and all other sessions end", async () => {
    const parts = partsOf();
    const before = { ...user, password: "yet another one" };
    await signIn(parts, before, new Headers());
    const { cookies } = await signIn(parts, before, new Headers());
    const headers = new Headers({ cookie: cookies.map((cookie) => cookie.split(";", 1)[0]).join("; ") });
    const { id } = await userOf(user.email);

    await expect(
      changePassword(parts, { current: "wrong", password: "a third password" }, headers),
    ).rejects.toMatchObject({ kind: "invalid", data: { fields: { current: "is not your password" } } });
    await changePassword(parts, { current: before.password, password: "a third password" }, headers);

    expect((await context.db.select().from(sessions)).filter(({ userId }) => userId === id)).toHaveLength(1);
    await signIn(parts, { ...user, password: "a third password" }, new Headers());
  });
});
