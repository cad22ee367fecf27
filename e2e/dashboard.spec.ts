import { overviewSchema } from "@/core/stats/schemas";
import { TestServer } from "./server";
import { expect, test } from "./test";

const server = new TestServer();
test.beforeAll(() => server.start());
test.afterAll(() => server.remove());
test.describe.configure({ mode: "serial" });

const entries = (service: string, level: string, count: number, message: string) =>
  Array.from({ length: count }, () => ({ service, level, message }));

test("given a fresh install, then the empty page says how to send, and turns into the dashboard when the first log arrives", async ({
  page,
}) => {
  await page.goto(server.url);
  await expect(page.getByRole("heading", { name: "Waiting for the first log" })).toBeVisible();
  await expect(page.getByText(`curl -X POST ${server.url}/api/logs`)).toBeVisible();
  expect((await server.send('{"service":"hello","level":"info","message":"first"}')).status).toBe(201);
  await expect(page.getByRole("heading", { name: "Overview" })).toBeVisible();
  await expect(page.getByRole("link", { name: "hello" })).toBeVisible();
});

test("given entries of several services, then the figures on the page equal those of the API", async ({ page }) => {
  const body = [
    ...entries("checkout", "error", 51, "card declined"),
    ...entries("checkout", "info", 149, "order placed"),
    ...entries("search", "warning", 51, "slow"),
    ...entries("a/b ä", "fatal", 1, "<img src=x onerror=alert(1)>"),
  ];
  expect((await server.send(JSON.stringify(body))).status).toBe(201);
  await page.goto(server.url);
  const services = page
    .getByRole("region", { name: "Services", exact: true })
    .or(page.locator("section[aria-label='Services']"));
  const row = services.getByRole("row", { name: /checkout/ });
  await expect(row).toContainText("Error");
  await expect(row.getByRole("cell").nth(3)).toHaveText("200");
  await expect(row.getByRole("cell").nth(4)).toHaveText("51");
  await expect(row.getByRole("cell").nth(6)).toHaveText("25.5%");
  await expect(services.getByRole("row", { name: /search/ })).toContainText("Warning");
  const { body: answer } = await server.get("/api/logs/dashboard/overview?timeRange=1h");
  const overview = overviewSchema.parse((answer as { data: unknown }).data);
  const total = overview.services.reduce((sum, service) => sum + service.total_count, 0);
  expect(total).toBe(253);
  await expect(page.locator("section[aria-label='Entries']")).toContainText("253");
  await expect(page.locator("section[aria-label='Top errors']").getByRole("row").nth(1)).toContainText("card declined");
  await expect(page.locator("section[aria-label='Volume'] svg").first()).toBeVisible();
});

test("given a single entry, then pages say one entry, and axes count in whole numbers", async ({ page }) => {
  const ticksOf = async (name: RegExp) => {
    const ticks = page.getByRole("figure", { name }).locator(".recharts-yAxis-tick-labels text");
    await expect(ticks.first()).toBeVisible();
    return ticks.allTextContents();
  };
  await page.goto(`${server.url}/service?name=hello`);
  const figures = page.getByRole("table", {
    name: /^Entries by level over time, 1 in all: the latest 1 time with any/,
  });
  await expect(figures.getByRole("row")).toHaveText([/^Time\w+$/, /1$/]);
  await expect(page.getByText("1 entry, error rate 0%")).toBeVisible();
  for (const tick of await ticksOf(/^Entries by level over time/)) expect(tick).toMatch(/^\d+$/);
  await page.goto(`${server.url}/logs?q=service:hello`);
  await expect(page.getByText("1 entry", { exact: true })).toBeVisible();
  for (const tick of await ticksOf(/^Found entries over time/)) expect(tick).toMatch(/^\d+$/);
});

test("given a range in the URL, when another one is chosen, then page and URL follow, and a reload keeps it", async ({
  page,
}) => {
  const yesterday = new Date(Date.now() - 5 * 3_600_000).toISOString();
  await server.send(
    JSON.stringify({ service: "nightly", level: "error", message: "from before", timestamp: yesterday }),
  );
  await page.goto(server.url);
  await expect(page.getByText("from before")).toHaveCount(0);
  await page.getByText("1 day").click();
  await expect(page).toHaveURL(/range=1d/);
  await expect(page.getByText("from before")).toBeVisible();
  await page.reload();
  await expect(page.getByText("from before")).toBeVisible();
  await expect(page.getByRole("radio", { name: "1 day" })).toBeChecked();
});

test("given a service, when its page is opened, then it shows counts, errors and its newest entries, as text", async ({
  page,
}) => {
  await page.goto(server.url);
  await page.getByRole("link", { name: "a/b ä" }).first().click();
  await expect(page.getByRole("heading", { name: "a/b ä" })).toBeVisible();
  await expect(
    page.locator("section[aria-label='Recent entries']").getByText("<img src=x onerror=alert(1)>"),
  ).toBeVisible();
  await expect(page.locator("section[aria-label='Top errors']").getByText("<img src=x")).toBeVisible();
  const missing = await page.goto(`${server.url}/service?name=nobody`);
  expect(missing?.status()).toBe(404);
  await expect(page.getByRole("heading", { name: "Nothing here" })).toBeVisible();
});

test("given the jobs page, then each job has run for its latest time and says when it runs next", async ({ page }) => {
  await page.goto(`${server.url}/jobs`);
  for (const job of ["aggregate-hourly", "aggregate-daily", "retention"]) {
    await expect(
      page
        .locator("section[aria-label='Recent']")
        .getByRole("row", { name: new RegExp(`${job} success`) })
        .first(),
    ).toBeVisible();
    await expect(page.locator(`section[aria-label='${job}']`)).toContainText("Next run");
  }
  await expect(page.getByText("No job has failed.")).toBeVisible();
});

test("given only a keyboard, then the pages can be reached and the range be changed", async ({ page }) => {
  await page.goto(server.url);
  const link = page.getByRole("link", { name: "Jobs" });
  for (
    let pressed = 0;
    pressed < 20 && !(await link.evaluate((element) => element === document.activeElement));
    pressed++
  ) {
    await page.keyboard.press("Tab");
  }
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/jobs\?tz=/);
  await page.goto(server.url);
  await page.getByRole("radio", { name: "1 hour" }).focus();
  await page.keyboard.press("ArrowRight");
  await expect(page).toHaveURL(/range=1d/);
});

test("given a phone in dark mode, then nothing runs out of the page and the colours are dark", async ({ browser }) => {
  const context = await browser.newContext({ viewport: { width: 375, height: 800 }, colorScheme: "dark" });
  const page = await context.newPage();
  for (const route of ["/", "/service?name=checkout", "/jobs", "/send"]) {
    await page.goto(`${server.url}${route}`);
    await expect(page.locator("html")).toHaveAttribute("data-mantine-color-scheme", "dark");
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(overflow, route).toBe(0);
  }
  await page.getByRole("button", { name: "Navigation" }).click();
  await page.getByRole("link", { name: "Overview" }).click();
  await expect(page.getByRole("heading", { name: "Overview" })).toBeVisible();
  await context.close();
});
