import type { Locator } from "@playwright/test";
import pg from "pg";
import { z } from "zod";
import { alertConfigSchema, incidentDetailSchema, incidentSchema, violationSchema } from "@/core/alerts/schemas";
import { dashboardStatsSchema } from "@/core/stats/schemas";
import { HttpReceiver, MailReceiver } from "@/core/testing/receivers";
import { TestServer } from "./server";
import { expect, test } from "./test";

const server = new TestServer();
const receiver = new HttpReceiver();
const mail = new MailReceiver();
const environment = () => ({
  CORDWOOD_ALLOW_PRIVATE_WEBHOOKS: "1",
  SMTP_URL: mail.url,
  // Of this machine, so that it stays open to it without an account.
  CORDWOOD_URL: "https://cordwood.localhost",
});

test.beforeAll(async () => {
  await Promise.all([receiver.start(), mail.start()]);
  await server.start(environment());
});
test.afterAll(async () => {
  await server.remove();
  await Promise.all([receiver.stop(), mail.stop()]);
});
test.describe.configure({ mode: "serial" });

async function api(method: string, path: string, body?: unknown) {
  const response = await fetch(`${server.url}/api/logs/alerts/${path}`, {
    method,
    headers: { "content-type": "application/json" },
    body: typeof body === "string" || body === undefined ? body : JSON.stringify(body),
  });
  return { status: response.status, body: z.record(z.string(), z.unknown()).parse(await response.json()) };
}

const burst = (service: string, level: string, count: number, to = server) =>
  to.send(JSON.stringify(Array.from({ length: count }, () => ({ service, level, message: "card declined" }))));

const good = { service: "contract", error_threshold_per_min: 5, warning_threshold_per_min: 7 };

test("given the contract of alert configurations, then each verb answers as it says", async () => {
  const created = await api("POST", "config", good);
  expect(created.status).toBe(201);
  expect(created.body.message).toBe("Alert configuration created successfully");
  expect(alertConfigSchema.parse(created.body.data)).toMatchObject({
    ...good,
    alert_email: null,
    alert_webhook_url: null,
    enabled: true,
  });
  expect((await api("POST", "config", good)).status).toBe(409);
  expect((await api("GET", "config?service=contract")).body.data).toEqual(created.body.data);
  const changed = await api("PUT", "config?service=contract", {
    error_threshold_per_min: 0,
    warning_threshold_per_min: 9,
    alert_email: "a@example.com",
  });
  expect(changed.body.data).toMatchObject({
    error_threshold_per_min: 5,
    warning_threshold_per_min: 9,
    alert_email: "a@example.com",
  });
  expect((await api("PUT", "config?service=contract", {})).body.data).toMatchObject({ warning_threshold_per_min: 9 });
  expect((await api("GET", "configs")).body.data).toHaveLength(1);
  expect((await api("DELETE", "config?service=contract")).status).toBe(200);
  for (const method of ["GET", "PUT", "DELETE"]) {
    expect((await api(method, "config?service=contract", method === "PUT" ? {} : undefined)).status, method).toBe(404);
    expect((await api(method, "config", method === "PUT" ? {} : undefined)).status, method).toBe(400);
  }
});

for (const [field, value] of [
  ["service", undefined],
  ["service", ""],
  ["service", 7],
  ["service", "x".repeat(201)],
  ["service", "a\0b"],
  ["error_threshold_per_min", undefined],
  ["error_threshold_per_min", 0],
  ["error_threshold_per_min", -1],
  ["error_threshold_per_min", 1.5],
  ["error_threshold_per_min", "5"],
  ["warning_threshold_per_min", null],
  ["warning_threshold_per_min", 1e12],
  ["alert_email", "nobody"],
  ["alert_email", "a@example.com\r\nBcc: b@example.com"],
  ["alert_email", 1],
  ["alert_webhook_url", "javascript:alert(1)"],
  ["alert_webhook_url", "file:///etc/passwd"],
  ["webhook_format", "irc"],
  ["resolve_after_minutes", 0],
  ["remind_every_minutes", 0],
  ["no_logs_minutes", "soon"],
  ["notify_resolved", "yes"],
  ["enabled", 1],
] as const) {
  test(`given ${field} = ${JSON.stringify(value)}, then it is a 400 that names the field`, async () => {
    const { status, body } = await api("POST", "config", { ...good, service: "bad", [field]: value });
    expect(status).toBe(400);
    expect(body.error).toContain(field);
    expect(body.data).toMatchObject({ fields: { [field]: expect.any(String) } });
  });
}

test("given other bad input to the alerts' endpoints, then each is a 4xx with a reason", async () => {
  for (const [method, path, body, status] of [
    ["POST", "config", "{", 400],
    ["POST", "config", "[]", 400],
    ["POST", "config", `{"service":"${"x".repeat(70_000)}"}`, 413],
    ["GET", "violations?limit=0", undefined, 400],
    ["GET", "violations?from=yesterday", undefined, 400],
    ["GET", "violations?level=info", undefined, 400],
    ["GET", "incidents?state=closed", undefined, 400],
    ["GET", "incident?id=1", undefined, 404],
    ["GET", "incident?id=x", undefined, 400],
    ["POST", "incident/acknowledge?id=1", {}, 404],
    ["POST", "silences", { reason: "r" }, 400],
    ["POST", "silences", { reason: "", ends_at: "2999-01-01T00:00:00Z" }, 400],
    ["POST", "silences", { reason: "r", ends_at: "2001-01-01T00:00:00Z" }, 400],
    ["DELETE", "silences?id=1", undefined, 404],
    ["POST", "test?service=nobody", undefined, 404],
    ["GET", "preview?service=a", undefined, 400],
    ["GET", "preview?service=a&error_threshold_per_min=0&warning_threshold_per_min=1", undefined, 400],
  ] as const) {
    const answer = await api(method, path, body);
    expect(answer.status, `${method} ${path}`).toBe(status);
    expect(answer.body.error).toEqual(expect.any(String));
  }
});

test("given a form filled in, when a burst comes, then the incident shows, mail and webhook arrive once, and it can be acknowledged and resolved", async ({
  page,
}) => {
  await burst("checkout", "error", 4);
  await page.goto(`${server.url}/alerts`);
  await expect(page.getByText("No service is watched yet.")).toBeVisible();
  await page.getByRole("link", { name: "New alert", exact: true }).click();
  await expect(page.getByRole("heading", { name: "New alert" })).toBeVisible();

  // Wrong values are shown beside their fields, and nothing is saved.
  await page.getByLabel("E-mail addresses").fill("nobody");
  await page.getByRole("button", { name: "Create alert" }).click();
  await expect(page.getByText("must be e-mail addresses separated by commas")).toBeVisible();
  await expect(page.getByText("must not be empty")).toBeVisible();

  // Of every service at once there is no history.
  await page.getByLabel("Service", { exact: false }).first().fill("*");
  await expect(page.getByText("It is told for one service at a time.")).toBeVisible();
  await page.getByRole("combobox", { name: "But not" }).fill("check");
  await expect(page.getByRole("option", { name: "checkout" })).toBeVisible();

  await page.getByLabel("Service", { exact: false }).first().fill("checkout");
  await page.getByLabel("More errors a minute than").fill("3");
  await expect(page.getByText("would have raised 1 alert in 1 incident.")).toBeVisible();
  await page.getByLabel("More errors a minute than").fill("20");
  await expect(page.getByText("would have raised 0 alerts in 0 incidents.")).toBeVisible();
  await page.getByLabel("E-mail addresses").fill("ops@example.com");
  await page.getByLabel("Webhook URL").fill(`${receiver.url}/browser`);
  await page.getByRole("button", { name: "Create alert" }).click();

  await expect(page.getByRole("heading", { name: "Alerts", exact: true })).toBeVisible();
  await expect(page.getByText("Nothing is wrong right now.")).toBeVisible();
  await page.getByRole("button", { name: "Send a test for checkout" }).click();
  await expect(page.getByText("The test arrived")).toBeVisible();
  expect(receiver.calls).toHaveLength(1);
  expect(mail.mails).toHaveLength(1);

  await burst("checkout", "error", 30);
  const open = page.locator("section[aria-label='Open incidents']");
  await open.getByRole("link", { name: "Too many errors" }).click();
  await expect(page.getByRole("heading", { name: "Too many errors in checkout" })).toBeVisible();
  await expect(page.getByRole("cell", { name: "delivered" })).toHaveCount(2);
  expect(receiver.calls).toHaveLength(2);
  expect(mail.mails.map(({ subject }) => subject)[1]).toMatch(/^Alert: \d+ errors a minute in checkout, more than 20$/);
  expect(JSON.parse(receiver.calls[1]?.body ?? "")).toMatchObject({ kind: "opened", service: "checkout" });

  await page.getByRole("button", { name: "Acknowledge" }).click();
  await page.getByRole("textbox", { name: "Note" }).fill("looking at it");
  await page.getByRole("button", { name: "I take care" }).click();
  await expect(page.getByText("looking at it")).toBeVisible();

  await page.goto(server.url);
  await expect(page.locator("section[aria-label='Open incidents']")).toContainText("acknowledged");
  const { body } = await server.get("/api/logs/dashboard");
  const { violations } = z.object({ data: dashboardStatsSchema }).parse(body).data;
  expect(violations).toMatchObject([{ service: "checkout", level: "error", threshold_value: 20 }]);
  expect(violations[0]?.alert_sent_at).not.toBeNull();

  // As if all had been well for ten minutes.
  const client = new pg.Client({ connectionString: server.databaseUrl() });
  await client.connect();
  await client.query(
    "update logs.alert_incidents set last_at = last_at - interval '10 minutes', crossed_at = crossed_at - interval '10 minutes'",
  );
  await client.end();
  const checked = await api("POST", "check");
  expect(
    z
      .array(violationSchema)
      .parse(checked.body.data)
      .every(({ service }) => service === "checkout"),
  ).toBe(true);
  const incidents = z.array(incidentSchema).parse((await api("GET", "incidents?service=checkout")).body.data);
  expect(incidents).toMatchObject([{ state: "resolved", acknowledge_note: "looking at it" }]);
  expect(receiver.calls).toHaveLength(2);
});

test("given an alert on patterns, when one comes too often and one for the first time, then each is an incident that shows its pattern, and is told of at once", async ({
  page,
}) => {
  const earlier = Date.now() - 600_000;
  await server.send(
    JSON.stringify([{ service: "ledger", level: "error", message: "row 7 is locked", timestamp: earlier }]),
  );
  await page.goto(`${server.url}/alerts/config?service=ledger`);
  await page.getByLabel("Or an error pattern that the service never had").check();
  await page.getByLabel("Webhook URL").fill(receiver.url);
  await page.getByLabel("Or one error pattern more often a minute than").fill("4");
  await expect(page.getByText("and told of 1 new pattern.")).toBeVisible();
  await page.getByRole("button", { name: "Create alert" }).click();
  const watched = page.getByRole("row").filter({ hasText: "ledger" });
  await expect(watched).toContainText("> 4 a minute, new ones");

  const before = receiver.calls.length;
  const locked = Array.from({ length: 5 }, (_, row) => ({
    service: "ledger",
    level: "error",
    message: `row ${row} is locked`,
  }));
  const minute = 60_000;
  // All in one minute, which may end meanwhile.
  const timestamp = Math.floor(Date.now() / minute) * minute;
  await server.send(JSON.stringify(locked.map((entry) => ({ ...entry, timestamp }))));
  await server.send(JSON.stringify([{ service: "ledger", level: "fatal", message: "journal is torn at page 12" }]));
  await expect.poll(() => receiver.calls.length).toBe(before + 2);
  const titles = receiver.calls
    .slice(before)
    .map(({ body }) => z.object({ title: z.string() }).parse(JSON.parse(body)));
  expect(titles.map(({ title }) => title).toSorted()).toEqual([
    "Alert: 5 times a minute in ledger, more than 4: row <num> is locked",
    "Alert: new error in ledger: journal is torn at page <num>",
  ]);

  await page.goto(`${server.url}/alerts?service=ledger`);
  const incidents = page.getByRole("region", { name: "Open incidents" }).getByRole("row");
  await expect(incidents.filter({ hasText: "Frequent error" })).toContainText("row <num> is locked");
  await expect(incidents.filter({ hasText: "Frequent error" })).toContainText("5 > 4");
  await incidents.getByRole("link", { name: "New error" }).click();
  await expect(page.getByRole("heading", { name: "New error in ledger" })).toBeVisible();
  await expect(page.getByText("journal is torn at page 12", { exact: true })).toBeVisible();
  await page.getByRole("link", { name: "Its logs" }).click();
  await expect(page.getByText("journal is torn at page 12")).toBeVisible();
});

test("given an incident, when it is silenced with one click, then the next one is recorded and nobody is told until the silence ends", async ({
  page,
}) => {
  await api("POST", "config", { ...good, service: "quiet", alert_webhook_url: `${receiver.url}/quiet` });
  await page.goto(`${server.url}/alerts/silences`);
  await page.getByLabel("Service", { exact: false }).first().fill("quiet");
  await page.getByLabel("Reason").fill("maintenance");
  await page.getByRole("button", { name: "Silence", exact: true }).click();
  await expect(page.getByRole("cell", { name: "holds" })).toBeVisible();
  await burst("quiet", "error", 10);
  const incidents = z.array(incidentSchema).parse((await api("GET", "incidents?service=quiet")).body.data);
  expect(incidents).toMatchObject([{ state: "open", notified_at: null }]);
  await page.getByRole("button", { name: "End now" }).click();
  await expect(page.getByRole("cell", { name: "over" })).toBeVisible();
  await api("POST", "check");
  await expect.poll(() => receiver.calls.filter(({ path }) => path === "/quiet").length).toBe(1);
});

test("given an alert that somebody else changes while it is open, then saving it is refused, and theirs can be shown", async ({
  page,
}) => {
  expect((await api("POST", "config", { ...good, service: "shared" })).status).toBe(201);
  await page.goto(`${server.url}/alerts/config?service=shared`);
  const errors = page.getByLabel("More errors a minute than");
  await errors.fill("11");
  expect((await api("PUT", "config?service=shared", { error_threshold_per_min: 22 })).status).toBe(200);
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "Somebody else has changed it" })).toBeVisible();
  await page.getByRole("button", { name: "Show what is there now" }).click();
  await expect(errors).toHaveValue("22");
  await errors.fill("");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(errors).toBeFocused();
  await expect(page.getByRole("alert").filter({ hasText: "Not saved: 1 field is not right." })).toBeVisible();
  await errors.fill("33");
  await page.getByRole("button", { name: "Save" }).click();

  const toggle = page.getByRole("switch", { name: "Alert for shared is on" });
  await toggle.focus();
  await page.keyboard.press("Space");
  await expect(toggle).not.toBeChecked();
  await expect(toggle).toBeFocused();
  await page.goBack();
  await expect(errors).toHaveValue("33");
});

test("given more incidents than a page has, then those that are open and the history say how many there are, and have further pages", async ({
  page,
}) => {
  const database = new pg.Client({ connectionString: server.databaseUrl() });
  await database.connect();
  try {
    await database.query(`
      insert into logs.alert_incidents (service, kind, first_at, last_at, opened_at, resolved_at)
      select 'many ' || number, 'error', now(), now(), now() - number * interval '1 second', case when number > 101 then now() end
      from generate_series(1, 201) as number`);
    await page.goto(`${server.url}/alerts`);
    const open = page.getByRole("region", { name: "Open incidents" });
    // Other tests have opened some too.
    const countIn = async (counted: Locator) => Number.parseInt((await counted.textContent()) ?? "", 10);
    const openCount = open.getByText(/^\d+ open incidents$/);
    await expect(openCount).toBeVisible();
    expect(await countIn(openCount)).toBeGreaterThanOrEqual(101);
    await expect(open.getByRole("table").getByRole("row")).toHaveCount(51);
    await page.getByRole("button", { name: "page 3 of open incidents" }).click();
    await expect(open.getByRole("table").getByRole("row")).not.toHaveCount(51);
    await expect(open.getByRole("table").getByText("many 101", { exact: true })).toBeVisible();

    const history = page.getByRole("region", { name: "History" });
    const pastCount = history.getByText(/^\d+ incidents$/);
    await expect(pastCount).toBeVisible();
    expect(await countIn(pastCount)).toBeGreaterThanOrEqual(201);
    await page.getByRole("button", { name: "page 2 of incidents" }).click();
    await expect(page).toHaveURL(/pastPage=2/);
    await expect(history.getByRole("table").getByRole("row")).toHaveCount(51);
    await history.getByLabel("Service").first().fill("many 7");
    await expect(history.getByRole("table").getByRole("row")).toHaveCount(2);
    await expect(pastCount).toHaveCount(0);
    await expect(page).not.toHaveURL(/pastPage/);

    await page.goto(`${server.url}/`);
    await page.getByRole("link", { name: /^All \d+ open incidents$/ }).click();
    await expect(page).toHaveURL(/\/alerts\b/);
  } finally {
    await database.query("delete from logs.alert_incidents where service like 'many %'");
    await database.end();
  }
});

test("given two incidents that become one as entries between them come late, then the page of either is that of the one", async ({
  page,
}) => {
  expect((await api("POST", "config", { ...good, service: "bridge", error_threshold_per_min: 1 })).status).toBe(201);
  const client = new pg.Client({ connectionString: server.databaseUrl() });
  await client.connect();
  await client.query("update logs.alert_thresholds set valid_from = valid_from - interval '2 hours'");
  await client.end();
  const cross = (minutesAgo: number) =>
    server.send(
      JSON.stringify(
        [1, 2].map(() => ({
          service: "bridge",
          level: "error",
          message: "no route",
          timestamp: Date.now() - minutesAgo * 60_000,
        })),
      ),
    );
  const incidents = async () => z.array(incidentSchema).parse((await api("GET", "incidents?service=bridge")).body.data);
  await cross(38);
  await cross(30);
  const [later, former] = await incidents();
  await cross(34);
  expect(await incidents()).toMatchObject([{ id: former?.id, violations: 3, former_ids: [later?.id] }]);
  expect((await api("GET", `incident?id=${later?.id}`)).body.data).toMatchObject({ id: former?.id });
  await page.goto(`${server.url}/alerts/incident?id=${later?.id}`);
  await expect(page).toHaveURL(({ searchParams }) => searchParams.get("id") === String(former?.id));
  await expect(
    page.getByText(`Part of this is incident ${later?.id}: entries that came late lie between.`),
  ).toBeVisible();
});

test("given two processes on one database, when both take the entries of one incident, then it is told of once", async () => {
  const second = new TestServer();
  try {
    await second.start({ ...environment(), DATABASE_URL: server.databaseUrl(), CORDWOOD_SEGMENTS: server.segments });
    const services = Array.from({ length: 8 }, (_, index) => `shared-${index}`);
    for (const service of services) {
      await api("POST", "config", { ...good, service, alert_webhook_url: `${receiver.url}/${service}` });
    }
    await Promise.all(
      services.flatMap((service) =>
        [server, second].flatMap((to) => [burst(service, "error", 4, to), burst(service, "fatal", 4, to)]),
      ),
    );
    await Promise.all([server, second].map((to) => fetch(`${to.url}/api/logs/alerts/check`, { method: "POST" })));
    const calls = () => services.map((service) => receiver.calls.filter(({ path }) => path === `/${service}`).length);
    await expect.poll(() => Math.min(...calls())).toBe(1);
    await Promise.all([server, second].map((to) => fetch(`${to.url}/api/logs/alerts/check`, { method: "POST" })));
    expect(calls()).toEqual(services.map(() => 1));
    const { data } = (await api("GET", "violations?level=error&limit=1000")).body;
    const shared = z
      .array(violationSchema)
      .parse(data)
      .filter(({ service }) => service.startsWith("shared-"));
    expect(shared.reduce((sum, { current_count }) => sum + current_count, 0)).toBe(8 * 16);
  } finally {
    await second.remove();
  }
});

async function deliveriesOf(service: string) {
  const [incident] = z.array(incidentSchema).parse((await api("GET", `incidents?service=${service}`)).body.data);
  return incidentDetailSchema.parse((await api("GET", `incident?id=${incident?.id}`)).body.data).deliveries;
}

test("given a receiver that never answers, when the server is killed in the middle, then the delivery arrives after the restart, and others are not kept waiting", async () => {
  await api("POST", "config", {
    ...good,
    service: "stuck",
    alert_webhook_url: `${receiver.url}/stuck`,
    alert_email: "ops@example.com",
  });
  receiver.answer = null;
  const mails = mail.mails.length;
  await burst("stuck", "error", 10);
  await expect.poll(() => receiver.calls.filter(({ path }) => path === "/stuck").length).toBe(1);
  await expect.poll(() => mail.mails.length).toBe(mails + 1);
  // What is sent and not yet recorded would be sent again.
  await expect
    .poll(async () => (await deliveriesOf("stuck")).find(({ channel }) => channel === "email")?.status)
    .toBe("delivered");
  await server.end("SIGKILL");
  receiver.answer = { status: 200 };
  await server.start(environment());
  const client = new pg.Client({ connectionString: server.databaseUrl() });
  await client.connect();
  // As if the minute after which the attempt counts as lost had passed.
  await client.query("update logs.alert_deliveries set next_attempt_at = now() where status = 'sending'");
  await client.end();
  expect(await server.end("SIGTERM")).toBe(0);
  await server.start(environment());
  await expect.poll(() => receiver.calls.filter(({ path }) => path === "/stuck").length).toBe(2);
  const ids = receiver.calls.filter(({ path }) => path === "/stuck").map(({ headers }) => headers["webhook-id"]);
  expect(new Set(ids).size).toBe(1);
  expect(mail.mails).toHaveLength(mails + 1);
});
