import { readFileSync } from "node:fs";
import pg from "pg";
import { z } from "zod";
import { ADMIN, addKey, addUser, fromSomewhere, signIn, WITH_ADMIN } from "./accounts";
import { ask } from "./ask";
import { isStream, LEADING_PAGES, type Need, PAGES, pathOf, ROUTES, SHIPPERS } from "./routes";
import { TestServer } from "./server";
import { expect, test } from "./test";

const NOBODY = ["nobody", "revoked", "expired"] as const;
const KNOWN = ["viewer", "editor", "admin", "ingest", "read", "alerts"] as const;
const WHO = [...NOBODY, ...KNOWN] as const;

type Who = (typeof WHO)[number];

const ALLOWED: Readonly<Record<Need, readonly Who[]>> = {
  always: WHO,
  nothing: WHO,
  ingest: ["editor", "admin", "ingest"],
  read: ["viewer", "editor", "admin", "read"],
  "read alerts": ["viewer", "editor", "admin", "read", "alerts"],
  "change alerts": ["editor", "admin", "alerts"],
  edit: ["editor", "admin"],
  account: ["viewer", "editor", "admin"],
  administer: ["admin"],
};

const server = new TestServer();
let headersOf: (who: Who) => Promise<Record<string, string>>;

test.beforeAll(async () => {
  await server.start(WITH_ADMIN);
  const admin = await signIn(server, ADMIN.email);
  await addUser(server, admin, "viewer@example.com", "viewer");
  await addUser(server, admin, "editor@example.com", "editor");
  const keys = {
    ingest: await addKey(server, admin, { scopes: ["ingest"] }),
    read: await addKey(server, admin, { scopes: ["read"] }),
    alerts: await addKey(server, admin, { scopes: ["alerts"] }),
    revoked: await addKey(server, admin, { scopes: ["ingest", "read", "alerts"] }),
    expired: await addKey(server, admin, { scopes: ["ingest", "read", "alerts"], expires_at: "2999-01-01T00:00:00Z" }),
  };
  const revoking = { method: "DELETE", headers: { cookie: admin } };
  expect((await ask(server.url, `/api/access/keys?id=${keys.revoked.id}`, revoking)).status).toBe(200);
  const client = new pg.Client({ connectionString: server.databaseUrl() });
  await client.connect();
  await client.query("update logs.api_keys set expires_at = now() - interval '1 second' where id = $1", [
    keys.expired.id,
  ]);
  await client.end();
  headersOf = async (who): Promise<Record<string, string>> => {
    if (who === "nobody") return {};
    if (who === "viewer" || who === "editor") return { cookie: await signIn(server, `${who}@example.com`) };
    if (who === "admin") return { cookie: await signIn(server, ADMIN.email) };
    return { authorization: `Bearer ${keys[who].key}` };
  };
});
test.afterAll(() => server.remove());

test("given the build, then the tables have all of its routes and pages", () => {
  const manifest = z.record(z.string(), z.string());
  const built = Object.values(manifest.parse(JSON.parse(readFileSync(".next/app-path-routes-manifest.json", "utf8"))));
  const known = [...ROUTES.map(([, path]) => path), ...PAGES.map(([path]) => path), ...LEADING_PAGES];
  // Of Next.js: what is shown when there is no page, or it fails; and a file.
  const own = ["/_global-error", "/_not-found", "/icon.svg"];

  expect(built.filter((path) => !own.includes(path)).toSorted()).toEqual([...new Set(known)].toSorted());
});

for (const who of WHO) {
  test(`given ${who}, then every route answers what the table says`, async () => {
    const shared = await headersOf(who);
    const wrong: string[] = [];
    for (const [method, path, need, allowed, body] of [...SHIPPERS, ...ROUTES]) {
      const endsSession = need === "account" && (path.endsWith("sign-out") || method === "DELETE");
      const headers = { ...(endsSession ? await headersOf(who) : shared), ...fromSomewhere() };
      const answer = await ask(server.url, pathOf(path), {
        method,
        headers: { ...headers, "content-type": "application/json" },
        body,
        isStream: isStream(path),
      });
      const isKnown = KNOWN.some((known) => known === who);
      // The last part of that address is a key, and this one does not hold, whoever is signed in.
      const bringsWrongKey = path === "/v1/input/*" && shared.authorization === undefined;
      const expected =
        ALLOWED[need].includes(who) && !bringsWrongKey ? allowed : isKnown && !bringsWrongKey ? 403 : 401;
      if (answer.status !== expected) wrong.push(`${method} ${path}: ${answer.status}, not ${expected}`);
      if (answer.status === 401 || answer.status === 403) {
        const isShippers = SHIPPERS.some((row) => row[1] === path);
        // Shippers are told in the form of their protocol.
        if (isShippers) expect(answer.body, path).toMatch(/[a-z]{3}/);
        else expect(JSON.parse(answer.body), path).toEqual({ success: false, error: expect.any(String) });
      }
    }
    expect(wrong).toEqual([]);
  });

  test(`given ${who}, then every page answers what the table says`, async () => {
    const headers = await headersOf(who);
    const wrong: string[] = [];
    for (const [path, need, allowed] of PAGES) {
      const answer = await ask(server.url, path, { headers: { ...headers, ...fromSomewhere() } });
      const isKnown = KNOWN.some((known) => known === who);
      const expected = ALLOWED[need].includes(who) ? allowed : isKnown ? 403 : 307;
      if (answer.status !== expected) wrong.push(`${path}: ${answer.status}, not ${expected}`);
      if (answer.status === 307) expect(answer.headers.location).toMatch(/^\/sign-in/);
    }
    expect(wrong).toEqual([]);
  });
}

test("given a page of another origin, then it changes nothing, whoever is signed in there", async () => {
  const { cookie = "" } = await headersOf("admin");
  for (const [method, path, , , body] of ROUTES.filter(([method]) => method !== "GET")) {
    const foreigners: Record<string, string>[] = [
      { origin: "https://evil.example" },
      { origin: "null" },
      { origin: server.url.replace("127.0.0.1", "localhost") },
      { "sec-fetch-site": "cross-site" },
      { "sec-fetch-site": "same-site" },
    ];
    for (const foreign of foreigners) {
      const headers = { cookie, "content-type": "text/plain", ...foreign, ...fromSomewhere() };
      const { status } = await ask(server.url, pathOf(path), { method, headers, body });
      expect(status, `${method} ${path} ${JSON.stringify(foreign)}`).toBe(403);
    }
  }
  expect((await ask(server.url, "/api/logs", { headers: { cookie } })).status).toBe(200);
});

test("given a key in the query string, then it is refused, also where a key in a header would do", async () => {
  const { authorization = "" } = await headersOf("read");
  const key = authorization.slice("Bearer ".length);
  for (const parameter of ["api_key", "apikey", "key", "token", "access_token", "X-API-Key", "q"]) {
    const answer = await ask(server.url, `/api/logs?${parameter}=${key}`, { headers: { authorization } });
    expect(answer.status, parameter).toBe(400);
    expect(answer.body).toContain("must not stand in the URL");
    expect(answer.body).not.toContain(key);
  }
});

test("given a key as Bearer, as X-API-Key or as the password of Basic, then each does", async () => {
  const { authorization = "" } = await headersOf("read");
  const key = authorization.slice("Bearer ".length);
  const ways: Record<string, string>[] = [
    { authorization },
    { "x-api-key": key },
    { authorization: `Basic ${Buffer.from(`shipper:${key}`).toString("base64")}` },
  ];
  for (const headers of ways) {
    expect((await ask(server.url, "/api/logs", { headers })).status).toBe(200);
  }
});

test("given a key in the URL where senders of a protocol put it, then it does there, and a wrong one is refused", async () => {
  const { authorization = "" } = await headersOf("ingest");
  const key = authorization.slice("Bearer ".length);
  const statusOf = async (path: string) =>
    (await ask(server.url, path, { method: "POST", body: "{}", headers: fromSomewhere() })).status;

  expect(await statusOf(`/api/v2/logs?dd-api-key=${key}&ddsource=a`)).toBe(202);
  expect(await statusOf(`/v1/input/${key}`)).toBe(200);
  expect(await statusOf("/api/v2/logs?dd-api-key=wrong")).toBe(401);
  expect(await statusOf("/v1/input/wrong")).toBe(401);
  expect(await statusOf("/ingest/clef?apiKey=wrong")).toBe(401);
  expect(await statusOf(`/ingest/clef?apiKey=${key}`)).toBe(201);
  expect(await statusOf(`/api/v2/logs?api_key=${key}`)).toBe(400);
});

test("given bad input of any kind to the routes of accounts and settings, then none is a failure of the server", async () => {
  const { cookie = "" } = await headersOf("admin");
  const long = "x".repeat(5_000);
  const values: unknown[] = [
    null,
    1,
    true,
    "",
    long,
    "\u0000",
    "\ud800",
    [],
    [null],
    {},
    { a: 1 },
    "a@b.example",
    -1,
    1e300,
  ];
  const names = [
    "name",
    "email",
    "password",
    "token",
    "role",
    "scopes",
    "services",
    "expires_at",
    "current",
    "next",
    "days",
  ];
  const all = Object.fromEntries(names.map((name) => [name, "x"]));
  const bodies = [
    ...["", "null", "[]", "1", '"x"', "{", '{"__proto__":{"role":"admin"}}', "\u0000"],
    ...values.map((value) => JSON.stringify(Object.fromEntries(names.map((name) => [name, value])))),
    ...values.map((value) => JSON.stringify({ emails: value, cards: value, tokens: value, expressions: value })),
    ...values.map((value) => JSON.stringify({ expressions: [value] })),
    JSON.stringify(all),
  ];
  const routes = ROUTES.filter(([method, path, need]) => {
    const isOurs = path.startsWith("/api/access/") || path.startsWith("/api/settings/");
    return isOurs && method !== "GET" && !(need === "account" && (method === "DELETE" || path.endsWith("sign-out")));
  });
  for (const [method, path] of routes) {
    for (const query of ["", "?id=", "?id=%00", "?id=1&id=2", "?id=00000000-0000-0000-0000-000000000000"]) {
      // Bodies are looked at where there is one, so few of them do for the others.
      for (const body of query === "" ? bodies : bodies.slice(0, 3)) {
        const headers = { cookie, "content-type": "application/json", ...fromSomewhere() };
        const answer = await ask(server.url, `${path}${query}`, { method, headers, body });
        expect(answer.status, `${method} ${path}${query} ${body.slice(0, 100)}: ${answer.body}`).toBeLessThan(500);
      }
    }
  }
  for (const query of ["?limit=x", "?before=-1", "?action=x", "?text=%00", `?text=${long}`, "?from=x", "?other=1"]) {
    const answer = await ask(server.url, `/api/access/audit${query}`, { headers: { cookie } });
    expect(answer.status, query).toBe(400);
  }
});
