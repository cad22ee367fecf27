import { readFileSync } from "node:fs";
import { z } from "zod";
import { statsAnswerSchema } from "@/core/analytics/schemas";
import { addMs, HOUR_MS } from "@/core/clock";
import { TestServer } from "./server";
import { expect, type Page, test } from "./test";

const server = new TestServer();
test.beforeAll(async () => {
  await server.start();
  const now = Date.now();
  const entries = Array.from({ length: 900 }, (_, index) => ({
    service: index % 3 === 0 ? "checkout" : "search",
    level: index % 30 === 0 ? "error" : "info",
    message: `request ${index} served`,
    timestamp: now - index * 3_000,
    attributes: { http: { route: `/r${index % 4}` }, duration_ms: index % 100, user: index % 7 === 0 ? "none" : index },
  }));
  expect((await server.send(JSON.stringify(entries))).status).toBe(201);
});
test.afterAll(() => server.remove());

/** More than the hour that is asked for else, so that what was sent first is still within it at the end. */
const from = addMs(new Date(), -6 * HOUR_MS).toISOString();

const stats = async (q: string) => {
  const { status, body } = await server.get(`/api/logs/stats?${new URLSearchParams({ q, from })}`);
  expect(status).toBe(200);
  return z.object({ data: statsAnswerSchema }).parse(body).data;
};

const open = (page: Page, q: string) => page.goto(`${server.url}/logs?${new URLSearchParams({ q, range: "6h" })}`);
const cells = (page: Page) => page.getByRole("table", { name: "Groups" }).getByRole("row");

test("given the API, then a query with pipes gives a table, as JSON and as CSV, and what is wrong has its place", async () => {
  const q = "| stats count() as n, p50(duration_ms) as typical by (http.route) | sort by http.route";
  expect((await stats(q)).rows).toEqual([
    ["/r0", 225, 48],
    ["/r1", 225, 49],
    ["/r2", 225, 50],
    ["/r3", 225, 51],
  ]);
  const posted = await server.send(JSON.stringify({ q, from, format: "csv" }), {}, "/api/logs/stats");
  expect(["total-rows", "complete"].map((name) => posted.headers.get(`x-cordwood-${name}`))).toEqual(["4", "true"]);
  expect(await posted.text()).toBe("http.route,n,typical\r\n/r0,225,48\r\n/r1,225,49\r\n/r2,225,50\r\n/r3,225,51\r\n");
  for (const [wrong, problem] of [
    ["level:error", "a pipe is missing"],
    ["| stats", "at character 7"],
    ["(a | stats count()", "at character 1"],
    ["| stats count() | where x > 1", "there is no column x"],
    ["level:loud | stats count()", "loud is no level"],
  ]) {
    const { status, body } = await server.get(`/api/logs/stats?q=${encodeURIComponent(wrong ?? "")}`);
    expect([wrong, status, body]).toEqual([
      wrong,
      400,
      expect.objectContaining({ error: expect.stringContaining(problem ?? "") }),
    ]);
  }
  for (const route of ["/api/logs", "/api/logs/histogram", "/api/logs/facets", "/api/logs/export", "/api/logs/tail"]) {
    const { status, body } = await server.get(`${route}?q=${encodeURIComponent(q)}`);
    expect([route, status]).toEqual([route, 400]);
    expect(body).toMatchObject({ error: expect.stringContaining("/api/logs/stats") });
  }
});

test("given counts by service, then the page has the table, and a row leads to its lines", async ({ page }) => {
  await open(page, "level:error | stats count() as errors by (service)");
  await expect(cells(page)).toHaveText([/service.*errors/, /checkout.*30/]);
  await expect(page.getByText("1 row of 30 entries")).toBeVisible();
  await page.getByRole("button", { name: "Lines of checkout" }).click();
  await expect(page).toHaveURL(
    ({ searchParams }) =>
      searchParams.get("q") === "level:error service:checkout | stats count() as errors by (service)" &&
      searchParams.get("view") === "lines",
  );
  await expect(page.getByText(/ of 30$/)).toBeVisible();
  await page.goBack();
  await expect(cells(page)).toHaveCount(2);
});

test("given a value that is narrowed to, then the table is that of fewer lines", async ({ page }) => {
  await open(page, "| stats count() by (http.route)");
  await expect(cells(page)).toHaveCount(5);
  await page.getByRole("button", { name: /^Only service checkout/ }).click();
  await expect(page).toHaveURL(
    ({ searchParams }) => searchParams.get("q") === "service:checkout | stats count() by (http.route)",
  );
  await expect(page.getByText("4 rows of 300 entries")).toBeVisible();
});

test("given figures of all, then they are large, and what is no number is said", async ({ page }) => {
  await open(page, "| stats count() as requests, max(user) as highest");
  await expect(page.getByRole("definition")).toHaveText(["900", "899"]);
  await expect(page.getByText("129 values are not in highest, as they are no numbers.")).toBeVisible();
});

test("given a course over time, then there is a chart of it, in the dark and on a phone too, and the table as CSV", async ({
  browser,
}) => {
  for (const options of [{}, { colorScheme: "dark", viewport: { width: 390, height: 844 } }] as const) {
    const page = await (await browser.newContext(options)).newPage();
    await open(page, "| timeseries count() by (service)");
    await expect(page.getByRole("figure", { name: /^count\(\) over time, 2 lines/ })).toBeVisible();
    await page.getByRole("button", { name: "Download" }).click();
    const download = page.waitForEvent("download");
    await page.getByRole("menuitem", { name: "CSV" }).click();
    const csv = readFileSync(await (await download).path(), "utf8")
      .trimEnd()
      .split("\r\n");
    expect(csv[0]).toBe("time,service,count()");
    expect(csv.slice(1).reduce((sum, row) => sum + Number(row.split(",")[2]), 0)).toBe(900);
    await page.context().close();
  }
});

test("given a query that is wrong behind its pipe, then the place is marked, and a table without rows says why", async ({
  page,
}) => {
  await open(page, "| stats cuont()");
  await expect(page.getByRole("alert").filter({ hasText: "cuont is no function" })).toBeVisible();
  const query = page.getByRole("textbox", { name: "Query" });
  await query.fill("| stats count() as n by (service) | where n > 5000");
  await query.press("Enter");
  await expect(page.getByText(/^No rows: nothing is left by the pipes/)).toBeVisible();
  await query.fill("level:error | st");
  await query.press("ArrowDown");
  await query.press("Enter");
  await expect(query).toHaveValue("level:error | stats ");
});
