import { randomBytes } from "node:crypto";
import pg from "pg";
import { z } from "zod";
import { addMs, DAY_MS } from "@/core/clock";
import { TestServer } from "./server";
import { expect, test } from "./test";

const server = new TestServer();
test.beforeAll(() => server.start({ CORDWOOD_MAX_DISK: "100MB" }));
test.afterAll(() => server.remove());

const daysAgo = (days: number) => addMs(new Date(), -days * DAY_MS).toISOString();

async function inDatabase<Row extends pg.QueryResultRow>(statement: string): Promise<Row[]> {
  const database = new pg.Client({ connectionString: server.databaseUrl() });
  await database.connect();
  try {
    return (await database.query<Row>(statement)).rows;
  } finally {
    await database.end();
  }
}

/** At a start jobs run that have not for their latest time. */
async function runJobs(): Promise<void> {
  await inDatabase("delete from logs.job_executions");
  await server.end("SIGTERM");
  await server.start({ CORDWOOD_MAX_DISK: "100MB" });
}

const metrics = async () => (await fetch(`${server.url}/metrics`)).text();

const totalOf = async (q: string) => {
  const { body } = await server.get(`/api/logs/histogram?${new URLSearchParams({ q })}`);
  return z.object({ data: z.object({ total_count: z.number() }) }).parse(body).data.total_count;
};

test("given rules for levels and services, then the page says what they do, and the next run removes just that", async ({
  page,
}) => {
  const entries = ["shop", "audit"].flatMap((service) =>
    ["debug", "info"].map((level) => ({ service, level, message: "m", timestamp: daysAgo(6) })),
  );
  expect((await server.send(JSON.stringify([...entries, ...entries]))).status).toBe(201);

  await page.goto(`${server.url}/settings/retention`);
  await page.getByRole("button", { name: "Add a rule" }).click();
  await page.getByLabel("Days of rule 1").fill("3");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("or a level must be named")).toBeVisible();
  await page.getByRole("combobox", { name: "Level of rule 1" }).click();
  await page.getByRole("option", { name: "debug" }).click();
  await expect(page.getByRole("status").filter({ hasText: "Saved, the next run removes 4 entries" })).toContainText(
    "debug of audit 2 entries, debug of shop 2 entries",
  );

  await page.getByRole("button", { name: "Add a rule" }).click();
  await page.getByRole("combobox", { name: "Service of rule 2" }).fill("aud");
  await page.getByRole("option", { name: "audit" }).click();
  await page.getByLabel("Days of rule 2").fill("365");
  await expect(
    page.getByRole("status").filter({ hasText: "removes 2 entries: debug of shop 2 entries." }),
  ).toBeVisible();
  const effect = page.getByRole("table", { name: "Days kept by service and level" });
  await expect(effect.getByRole("row", { name: "audit 365 365 365 365 365 365" })).toBeVisible();
  await expect(effect.getByRole("row", { name: "every other service 30 3 30 30 30 30" })).toBeVisible();
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("status").filter({ hasText: "Saved: it holds from the next run on." })).toBeVisible();

  const late = await server.send(
    JSON.stringify([{ service: "shop", level: "debug", message: "m", timestamp: daysAgo(4) }]),
  );
  expect(late.status).toBe(400);
  expect(await late.text()).toContain(
    'more than 3 days ago, which is older than entries of service \\"shop\\" at level debug',
  );
  expect(await totalOf("")).toBe(8);
  await runJobs();
  await expect.poll(() => totalOf("")).toBe(6);
  expect(await totalOf("service:audit")).toBe(4);
  expect(await totalOf("level:debug")).toBe(2);

  await page.goto(`${server.url}/settings/retention`);
  await expect(page.getByRole("combobox", { name: "Service of rule 2" })).toHaveValue("audit");
  await expect(page.getByRole("status").filter({ hasText: "The next run removes nothing." })).toBeVisible();
  await page.getByRole("button", { name: "Remove rule 1" }).click();
  await expect(page.getByRole("combobox", { name: "Service of rule 1" })).toHaveValue("audit");
});

test("given an API that changes one thing, then the rest stays, and two rules for the same are refused", async () => {
  const put = async (body: unknown) => {
    const response = await fetch(`${server.url}/api/settings/retention`, {
      method: "PUT",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    return { status: response.status, body: await response.text() };
  };
  expect((await put({ rules: [{ level: "debug", days: 5 }] })).status).toBe(200);
  expect((await put({ counts_days: 90 })).body).toContain(
    '"counts_days":90,"rules":[{"service":null,"level":"debug","days":5}]',
  );
  const twice = [
    { service: "a", days: 5 },
    { service: "a", level: null, days: 6 },
  ];
  const refused = await put({ rules: twice });
  expect(refused.status).toBe(400);
  expect(refused.body).toContain("rules.1.service has such a rule already");
  expect((await put({ max_disk_gb: 0 })).body).toContain("max_disk_gb must be at least 0.1");
  expect((await put({ rules: [], counts_days: null })).status).toBe(200);
});

test("given that little room is left, then the Overview, the settings and the metrics say so before anything goes", async ({
  page,
}) => {
  const old = { service: "shop", message: "the oldest", timestamp: daysAgo(2) };
  expect((await server.send(JSON.stringify([old]))).status).toBe(201);
  const noise = () => ({ service: "noise", message: randomBytes(45_000).toString("base64") });
  const isEnough = async () => {
    const [size] = await inDatabase<{ bytes: string }>(`
      select sum(pg_total_relation_size(oid)) as bytes from pg_class where relnamespace = 'logs'::regnamespace and relkind = 'r'`);
    return Number(size?.bytes) > 91e6;
  };
  while (!(await isEnough())) {
    const lines = Array.from({ length: 50 }, noise);
    expect((await server.send(JSON.stringify(lines))).status).toBe(201);
  }
  await runJobs();
  await expect.poll(metrics).toMatch(/cordwood_stored_bytes\{place="database"\} 9\d{7}/);

  await page.goto(server.url);
  const notice = page.getByRole("alert").filter({ hasText: "of the 100 MB that may be stored is used" });
  await expect(notice).toContainText("the oldest entries go");
  await notice.getByRole("link", { name: "Keep less, or allow more" }).click();
  await expect(page.getByRole("region", { name: "Room" })).toContainText(/Stored: 9\d MB/);
  expect(await metrics()).toContain("cordwood_max_disk_bytes 100000000");
  // Noise of this length has the word alone in one run of twelve.
  expect(await totalOf('"the oldest"')).toBe(1);

  await page.getByLabel("At most, in GB").fill("0.2");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("status").filter({ hasText: "Saved" })).toBeVisible();
  await runJobs();
  await expect.poll(metrics).toContain("cordwood_max_disk_bytes 200000000");
  await page.goto(server.url);
  await expect(page.getByRole("heading", { name: "Overview" })).toBeVisible();
  await expect(page.getByText("that may be stored")).toHaveCount(0);
});
