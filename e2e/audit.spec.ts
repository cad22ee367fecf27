import pg from "pg";
import { z } from "zod";
import { ADMIN, addKey, addUser, fromSomewhere, PASSWORD, post, signIn, WITH_ADMIN } from "./accounts";
import { ask } from "./ask";
import { TestServer } from "./server";
import { expect, test } from "./test";

const server = new TestServer();
let database: pg.Client;

test.beforeAll(async () => {
  await server.start(WITH_ADMIN);
  database = new pg.Client({ connectionString: server.databaseUrl() });
  await database.connect();
});
test.afterAll(async () => {
  await database.end();
  await server.remove();
});

/** What people change. */
const TABLES = [
  "users",
  "sessions",
  "accounts",
  "verifications",
  "invitations",
  "api_keys",
  "settings",
  "saved_views",
  "patterns",
  "pattern_aliases",
  "alert_configs",
  "alert_thresholds",
  "alert_incidents",
  "alert_deliveries",
  "alert_silences",
];

async function everything(): Promise<Record<string, string>> {
  const stored: Record<string, string> = {};
  for (const table of TABLES) {
    const { rows } = await database.query<{ all: string | null }>(
      `select string_agg(row::text, E'\\n' order by row::text) as all from logs.${table} as row
       where '${table}' <> 'settings' or not ${OF_JOBS}`,
    );
    stored[table] = rows[0]?.all ?? "";
  }
  return stored;
}

/** What jobs note by themselves, each minute. */
const OF_JOBS = "to_jsonb(row) ->> 'name' in ('storage', 'expired')";

const rowSchema = z.object({ id: z.coerce.string() });
const idOf = async (sql: string) => rowSchema.parse((await database.query(sql)).rows[0]).id;

const idOfAnswer = (body: string) =>
  z.object({ data: z.object({ id: z.coerce.string() }) }).parse(JSON.parse(body)).data.id;

test("given a log that takes no records, when anything is changed, then it is a 5xx and nothing is changed", async () => {
  const admin = await signIn(server, ADMIN.email);
  const viewer = await addUser(server, admin, "viewer@example.com", "viewer");
  const asAdmin = { cookie: admin };
  const invited = await post(server, "/api/access/invitations", { email: "new@example.com", role: "viewer" }, asAdmin);
  const { data: invitation } = z
    .object({ data: z.object({ id: z.string(), link: z.string() }) })
    .parse(JSON.parse(invited.body));
  const key = await addKey(server, admin, { scopes: ["ingest"] });
  const viewerId = await idOf("select id from logs.users where email = 'viewer@example.com'");
  const reset = await post(server, `/api/access/users/reset-link?id=${viewerId}`, {}, asAdmin);
  const { data: resetting } = z.object({ data: z.object({ link: z.string() }) }).parse(JSON.parse(reset.body));
  const view = { name: "errors", query: "level>=error", range: "1h" };
  const viewId = idOfAnswer((await post(server, "/api/logs/views", view, asAdmin)).body);
  const config = { service: "shop", error_threshold_per_min: 1, warning_threshold_per_min: 1 };
  expect((await post(server, "/api/logs/alerts/config", config, asAdmin)).status).toBe(201);
  const silence = { service: "other", kind: null, ends_at: "2999-01-01T00:00:00Z", reason: "a test" };
  const silenceId = idOfAnswer((await post(server, "/api/logs/alerts/silences", silence, asAdmin)).body);
  const lines = ["disk full", "disk full", "no route to host"].map((message) => ({
    service: "shop",
    level: "error",
    message,
  }));
  expect((await post(server, "/api/logs", lines, asAdmin)).status).toBe(201);
  await expect.poll(async () => (await database.query("select from logs.alert_incidents")).rowCount).toBe(1);
  const incidentId = await idOf("select id from logs.alert_incidents");
  const pattern = await idOf("select id::text from logs.patterns where sample = 'disk full'");
  const into = await idOf("select id::text from logs.patterns where sample = 'no route to host'");
  const third = { service: "shop", level: "error", message: "out of memory" };
  expect((await post(server, "/api/logs", third, asAdmin)).status).toBe(201);
  const merged = await idOf("select id::text from logs.patterns where sample = 'out of memory'");
  expect((await post(server, "/api/logs/patterns/merge", { pattern: merged, into }, asAdmin)).status).toBe(200);
  const tokenOf = (link: string) => link.split("#")[1];

  const changes: [method: string, path: string, body?: unknown, cookie?: string][] = [
    ["PUT", `/api/access/users?id=${viewerId}`, { role: "editor" }],
    ["DELETE", `/api/access/users?id=${viewerId}`],
    ["POST", `/api/access/users/reset-link?id=${viewerId}`, {}],
    ["DELETE", `/api/access/users/sessions?id=${viewerId}`],
    ["DELETE", "/api/access/sessions", undefined, viewer],
    ["POST", "/api/access/sign-out", {}, viewer],
    ["PUT", "/api/access/password", { current: PASSWORD, password: "another password" }, viewer],
    ["POST", "/api/access/password/reset", { token: tokenOf(resetting.link), password: "another password" }],
    ["POST", "/api/access/join", { token: tokenOf(invitation.link), name: "New", password: PASSWORD }],
    ["POST", "/api/access/invitations", { email: "newer@example.com", role: "viewer" }],
    ["DELETE", `/api/access/invitations?id=${invitation.id}`],
    ["POST", "/api/access/keys", { name: "another", scopes: ["ingest"] }],
    ["DELETE", `/api/access/keys?id=${key.id}`],
    ["PUT", "/api/settings/retention", { days: 3 }],
    ["PUT", "/api/settings/masking", { emails: true }],
    ["PUT", "/api/settings/health", { least_entries: 5 }],
    ["POST", "/api/logs/views", { ...view, name: "another" }],
    ["PUT", `/api/logs/views?id=${viewId}`, { ...view, name: "renamed" }],
    ["DELETE", `/api/logs/views?id=${viewId}`],
    ["POST", "/api/logs/patterns/merge", { pattern, into }],
    ["POST", "/api/logs/patterns/unmerge", { pattern: merged }],
    ["POST", "/api/logs/patterns/mute", { pattern, muted: true }],
    ["POST", "/api/logs/alerts/config", { ...config, service: "another" }],
    ["PUT", "/api/logs/alerts/config?service=shop", { error_threshold_per_min: 9 }],
    ["DELETE", "/api/logs/alerts/config?service=shop"],
    ["POST", `/api/logs/alerts/incident/acknowledge?id=${incidentId}`, { note: "on it" }],
    ["POST", "/api/logs/alerts/silences", silence],
    ["DELETE", `/api/logs/alerts/silences?id=${silenceId}`],
  ];
  const send = ([method, path, body, cookie = admin]: (typeof changes)[number]) =>
    ask(server.url, path, {
      method,
      headers: { cookie, ...fromSomewhere(), "content-type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });

  await database.query(
    "create function refuse() returns trigger language plpgsql as 'begin raise exception ''the log is full''; end'",
  );
  await database.query(
    "create trigger refuse before insert on logs.audit_events for each row execute function refuse()",
  );
  const before = await everything();
  for (const change of changes) {
    const { status, body } = await send(change);
    expect(status, `${change[0]} ${change[1]}: ${body}`).toBeGreaterThanOrEqual(500);
    expect(body).not.toContain("the log is full");
    expect(await everything(), `${change[0]} ${change[1]}`).toEqual(before);
  }
  const refused = await post(server, "/api/access/sign-in", ADMIN);
  expect(refused.status).toBeGreaterThanOrEqual(500);
  expect(refused.headers["set-cookie"]).toBeUndefined();

  await database.query("drop trigger refuse on logs.audit_events");
  const {
    rows: [count],
  } = await database.query<{ count: number }>("select count(*)::int from logs.audit_events");
  // Those that take nothing away that another needs.
  const kept = changes.filter(([method]) => method === "PUT");
  for (const change of kept) expect((await send(change)).status, change[1]).toBe(200);
  const {
    rows: [after],
  } = await database.query<{ count: number }>("select count(*)::int from logs.audit_events");
  expect(after?.count).toBe((count?.count ?? 0) + kept.length);
});
