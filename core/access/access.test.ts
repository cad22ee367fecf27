import { randomUUID } from "node:crypto";
import { once } from "node:events";
import net from "node:net";
import { eq } from "drizzle-orm";
import { describe, expect, test, vi } from "vitest";
import { LIMITS } from "@/core/limits";
import { accessOf, SECONDS_OF_A_MINUTE } from "@/core/testing/test-access";
import { testDatabase } from "@/core/testing/test-database";
import { rateLimits, sessions, users } from "@/db/schema";
import { identify } from "./identify";
import { createKey } from "./keys/create-key";
import { NO_KEY } from "./keys/no-key";
import type { Principal } from "./principal";
import { keyInputSchema } from "./schemas";
import { endSessions } from "./sessions/end-sessions";
import { signIn } from "./sessions/sign-in";
import { signOut } from "./sessions/sign-out";
import { createFirstAdmin } from "./users/create-first-admin";
import { createUser } from "./users/create-user";

const context = testDatabase(new Date().toISOString());
const ADMIN = { email: "admin@example.com", password: "correct horse", name: "Admin" };

/** As a browser sends back what it was given. */
const cookieOf = (cookies: readonly string[]) => cookies.map((cookie) => cookie.split(";", 1)[0]).join("; ");

describe("before the first account", () => {
  test("given a loopback address, then the server is open to its machine; given another, then it is locked", async () => {
    const local = accessOf(context);
    const network = accessOf(context, { isOnLoopback: false });

    expect(await local.mode()).toBe("local");
    expect(await network.mode()).toBe("locked");
    expect((await identify(local, new Headers())).principal).toEqual({ kind: "local" });
    expect((await identify(network, new Headers())).principal).toBeNull();
    expect(network.isSetUpToken(network.setUpToken)).toBe(true);
    expect(network.isSetUpToken("")).toBe(false);
    expect(network.isSetUpToken(local.setUpToken.slice(1))).toBe(false);
  });

  test.each([
    [{ CORDWOOD_URL: "https://logs.example.com" }, "locked"],
    [{ CORDWOOD_URL: "https://10.0.0.7:3000" }, "locked"],
    [{ CORDWOOD_URL: "https://localhost.example.com" }, "locked"],
    [{ CORDWOOD_TRUSTED_PROXIES: "127.0.0.1" }, "locked"],
    [{ CORDWOOD_URL: "http://localhost:8080", CORDWOOD_TRUSTED_PROXIES: "10.0.0.0/8" }, "locked"],
    [{ CORDWOOD_URL: "http://localhost:8080" }, "local"],
    [{ CORDWOOD_URL: "https://cordwood.localhost/" }, "local"],
    [{ CORDWOOD_URL: "http://[::1]:3000" }, "local"],
    [{ CORDWOOD_URL: "http://127.0.0.1" }, "local"],
  ] as const)("given a loopback address and %j, then it is %s", async (environment, mode) => {
    expect(await accessOf(context, { environment }).mode()).toBe(mode);
  });

  test("given what configurations have in the place of a key, in a header or in the address, then nobody is refused for it", async () => {
    const [local, network] = [accessOf(context), accessOf(context, { isOnLoopback: false })];
    const headers = new Headers({ authorization: `Splunk ${NO_KEY}` });

    expect((await identify(local, headers)).principal).toEqual({ kind: "local" });
    expect((await identify(local, new Headers(), NO_KEY)).principal).toEqual({ kind: "local" });
    expect((await identify(network, headers)).principal).toBeNull();
    expect((await identify(network, new Headers(), NO_KEY)).principal).toBeNull();
  });

  test("given several instances that are locked, then any link is right at each of them, and one of another secret is not", () => {
    const [one, other] = [accessOf(context, { isOnLoopback: false }), accessOf(context, { isOnLoopback: false })];
    const stranger = accessOf(context, { isOnLoopback: false, secret: "another secret of tests, nothing else" });

    expect(one.setUpToken).toBe(other.setUpToken);
    expect(one.isSetUpToken(stranger.setUpToken)).toBe(false);
  });

  test("given many who make the first account at once, then one does, and it is open no more", async () => {
    const instances = [accessOf(context), accessOf(context)];
    const tries = Array.from({ length: 6 }, (_, index) =>
      createFirstAdmin(
        { db: context.db, access: instances[index % 2] ?? accessOf(context) },
        index === 0 ? ADMIN : { ...ADMIN, email: `other${index}@example.com` },
      ),
    );

    const made = (await Promise.all(tries)).filter((id) => id !== null);

    expect(made).toHaveLength(1);
    expect(await context.db.select({ role: users.role }).from(users)).toEqual([{ role: "admin" }]);
    for (const access of instances) expect(await access.mode()).toBe("accounts");
    await context.db.update(users).set({ email: ADMIN.email });
  });
});

describe("a session", () => {
  const access = () => accessOf(context);

  test("given the right password, then it is who signed in, until it is signed out", async () => {
    const instance = access();
    const { cookies } = await signIn({ access: instance }, ADMIN, new Headers());
    const headers = new Headers({ cookie: cookieOf(cookies) });

    expect((await identify(instance, headers)).principal).toMatchObject({
      kind: "user",
      email: ADMIN.email,
      role: "admin",
    });
    await signOut({ db: context.db, access: instance }, headers);

    expect((await identify(instance, headers)).principal).toBeNull();
    expect(cookies[0]).toMatch(/HttpOnly/);
    expect(cookies[0]).toMatch(/SameSite=Lax/i);
  });

  test("given an OpenID provider that takes connections and says nothing, then passwords and signing out don't wait for it", async () => {
    const sockets: net.Socket[] = [];
    const provider = net.createServer((socket) => void sockets.push(socket)).listen(0, "127.0.0.1");
    await once(provider, "listening");
    const address = provider.address();
    const port = address && typeof address === "object" ? address.port : 0;
    const instance = accessOf(context, {
      environment: {
        OIDC_ISSUER_URL: `http://127.0.0.1:${port}`,
        OIDC_CLIENT_ID: "cordwood",
        OIDC_CLIENT_SECRET: "a secret",
      },
    });
    const { cookies } = await signIn({ access: instance }, ADMIN, new Headers());
    const headers = new Headers({ cookie: cookieOf(cookies) });
    await context.db.transaction((transaction) => signOut({ db: transaction, access: instance }, headers));
    expect((await identify(instance, headers)).principal).toBeNull();
    for (const socket of sockets) socket.destroy();
    provider.close();
  });

  test("given a public address with https, then its cookie is for TLS only", async () => {
    const instance = accessOf(context);
    const secure = accessOf(context, { publicUrl: "https://logs.example.com" });

    const [plain = ""] = (await signIn({ access: instance }, ADMIN, new Headers())).cookies;
    const [overTls = ""] = (await signIn({ access: secure }, ADMIN, new Headers())).cookies;

    expect(plain).not.toMatch(/; Secure/);
    expect(overTls).toMatch(/^__Secure-cordwood\.session_token=.*; Secure/);
  });

  test("given a cookie from before (session fixation), then signing in makes another, and that one is worth nothing", async () => {
    const instance = access();
    const before = "cordwood.session_token=planted.by-somebody-else";

    const { cookies } = await signIn({ access: instance }, ADMIN, new Headers({ cookie: before }));
    const second = await signIn({ access: instance }, ADMIN, new Headers({ cookie: cookieOf(cookies) }));

    expect(cookieOf(cookies)).not.toContain("planted");
    expect(cookieOf(second.cookies)).not.toBe(cookieOf(cookies));
    expect((await identify(instance, new Headers({ cookie: before }))).principal).toBeNull();
  });

  test("given a cookie whose signature is not ours, then it is nobody's, though the token exists", async () => {
    const instance = access();
    await signIn({ access: instance }, ADMIN, new Headers());
    const [session] = await context.db.select().from(sessions).limit(1);
    const cookie = `cordwood.session_token=${session?.token}.${encodeURIComponent(`${"A".repeat(43)}=`)}`;

    expect((await identify(instance, new Headers({ cookie }))).principal).toBeNull();
  });

  test("given a session that is over, or all of a user ended, then it is nobody's", async () => {
    const instance = access();
    const headersOf = async () =>
      new Headers({ cookie: cookieOf((await signIn({ access: instance }, ADMIN, new Headers())).cookies) });
    const [expired, ended] = [await headersOf(), await headersOf()];
    const { principal } = await identify(instance, expired);
    const sessionId = principal?.kind === "user" ? principal.sessionId : "";
    await context.db
      .update(sessions)
      .set({ expiresAt: new Date(Date.now() - 1) })
      .where(eq(sessions.id, sessionId));

    expect((await identify(instance, expired)).principal).toBeNull();
    expect((await identify(instance, ended)).principal).not.toBeNull();
    await endSessions(context, principal?.kind === "user" ? principal.id : "");
    expect((await identify(instance, ended)).principal).toBeNull();
  });

  test("given a wrong password and an unknown address, then both are refused alike, and cost one scrypt each", async () => {
    const instance = access();
    const { password } = await instance.auth.$context;
    // Which takes tens of times as long as all the rest, so that an answer's time tells nothing.
    const scrypts = [vi.spyOn(password, "hash"), vi.spyOn(password, "verify")];
    const refusal = async (email: string) => {
      for (const spy of scrypts) spy.mockClear();
      const error = await signIn({ access: instance }, { email, password: "wrong horse" }, new Headers()).then(
        () => null,
        (thrown: unknown) => thrown,
      );
      return { error: String(error), scrypts: scrypts.reduce((sum, { mock }) => sum + mock.calls.length, 0) };
    };

    const known = await refusal(ADMIN.email);
    const unknown = await refusal("nobody@example.com");

    expect(known.scrypts).toBe(1);
    expect(unknown).toEqual(known);
  });
});

describe("a password", () => {
  test("given one that was stored, then it is hashed by scrypt with a salt of its own", async () => {
    const instance = accessOf(context);
    const auth = await instance.auth.$context;

    const hashes = await Promise.all([auth.password.hash("correct horse"), auth.password.hash("correct horse")]);

    expect(hashes[0]).not.toBe(hashes[1]);
    for (const hash of hashes) expect(await auth.password.verify({ hash, password: "correct horse" })).toBe(true);
  });
});

describe("attempts to sign in", () => {
  test("given ten in a minute, then the address is refused on every instance, and no other address is", async () => {
    const [first, second] = [accessOf(context), accessOf(context)];
    for (let count = 0; count < 10; count++) await (count % 2 ? first : second).limits.takeSignIn("192.0.2.1");

    for (const access of [first, second]) {
      await expect(access.limits.takeSignIn("192.0.2.1")).rejects.toMatchObject({ kind: "too_busy" });
    }
    await expect(first.limits.takeSignIn("192.0.2.2")).resolves.toBeUndefined();
    expect(await context.db.$count(rateLimits)).toBe(2);
  });

  test("given addresses of one IPv6 network, then they count as one", async () => {
    const { limits } = accessOf(context);
    for (let count = 0; count < 10; count++) await limits.takeSignIn(`2001:db8:1:2:${count}::1`);

    await expect(limits.takeSignIn("2001:db8:1:2:ffff::1")).rejects.toMatchObject({ kind: "too_busy" });
    await expect(limits.takeSignIn("2001:db8:1:3::1")).resolves.toBeUndefined();
    await expect(limits.takeSignIn("::ffff:192.0.2.77")).resolves.toBeUndefined();
  });
});

test("given an address that has tried too often, then further tries ask the database nothing", async () => {
  let queries = 0;
  const pool = new Proxy(context.pool, {
    get(target, name) {
      if (name === "query" || name === "connect") queries++;
      const value: unknown = Reflect.get(target, name);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  const { limits } = accessOf({ ...context, pool });
  for (let count = 0; count < LIMITS.signInsPerMinute; count++) await limits.takeSignIn("192.0.2.200");
  expect(queries).toBeGreaterThanOrEqual(LIMITS.signInsPerMinute);
  const asked = queries;
  for (let count = 0; count < 50; count++)
    await expect(limits.takeSignIn("192.0.2.200")).rejects.toMatchObject({
      kind: "too_busy",
      retryAfterSeconds: expect.toBeOneOf(SECONDS_OF_A_MINUTE),
    });
  expect(queries).toBe(asked);
});

describe("requests", () => {
  test("given as many as one may send in a minute, then the next is refused, and whoever else sends is not", async () => {
    const { limits } = accessOf(context);
    const key = (id: string): Principal => ({ kind: "key", id, name: "k", scopes: ["read"], services: null });
    for (let count = 0; count < LIMITS.strangersPerMinute; count++) await limits.takeRequest(null, "192.0.2.9");
    for (let count = 0; count < LIMITS.keyRequestsPerMinute; count++)
      await limits.takeRequest(key("busy"), "192.0.2.9");

    await expect(limits.takeRequest(null, "192.0.2.9")).rejects.toMatchObject({ kind: "too_busy" });
    await expect(limits.takeRequest(key("busy"), "192.0.2.10")).rejects.toMatchObject({ kind: "too_busy" });
    await expect(limits.takeRequest(null, "192.0.2.10")).resolves.toBeUndefined();
    await expect(limits.takeRequest(key("other"), "192.0.2.9")).resolves.toBeUndefined();
    await expect(limits.takeRequest({ kind: "local" }, "192.0.2.9")).resolves.toBeUndefined();
  });
});

describe("open streams", () => {
  test("given streams of sessions and keys, when one session ends, then its streams end and the others go on", async () => {
    const instance = accessOf(context);
    const userId = await createUser(instance.auth, { ...ADMIN, email: "second@example.com", role: "viewer" });
    const principalOf = async (email: string): Promise<Principal> => {
      const { cookies } = await signIn({ access: instance }, { ...ADMIN, email }, new Headers());
      const { principal } = await identify(instance, new Headers({ cookie: cookieOf(cookies) }));
      if (!principal) throw new Error("not signed in");
      return principal;
    };
    const ended: string[] = [];
    instance.streams.add(await principalOf(ADMIN.email), () => ended.push("admin"));
    instance.streams.add(await principalOf("second@example.com"), () => ended.push("second"));
    const environment: Principal = { kind: "key", id: "environment", name: "", scopes: ["read"], services: null };
    instance.streams.add(environment, () => ended.push("the environment's key"));
    instance.streams.add({ kind: "local" }, () => ended.push("local"));

    await endSessions(context, userId);
    await instance.streams.check();

    // Local mode is over since the first account.
    expect(ended).toEqual(["second", "local"]);
  });

  test("given a stream that is opened while it is asked which may go on, then that one goes on", async () => {
    const instance = accessOf(context);
    const [admin] = await context.db.select({ id: users.id }).from(users).where(eq(users.email, ADMIN.email));
    const { id } = await createKey(
      context,
      keyInputSchema.parse({ name: "streams", scopes: ["read"] }),
      admin?.id ?? "",
    );
    const ended: string[] = [];
    const streamOf = (key: string) => {
      const principal: Principal = { kind: "key", id: key, name: "", scopes: ["read"], services: null };
      return instance.streams.add(principal, () => ended.push(key));
    };
    const unknown = randomUUID();
    streamOf(unknown);
    const checked = instance.streams.check();
    const forget = streamOf(id);
    await checked;
    expect(ended).toEqual([unknown]);
    forget();
  });
});
