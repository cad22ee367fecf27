import { z } from "zod";
import { patternSummarySchema } from "@/core/patterns/schemas";
import { violationsOf } from "./axe";
import { TestServer } from "./server";
import { expect, test } from "./test";

const server = new TestServer();
const MINUTE = 60_000;

test.beforeAll(async () => {
  await server.start();
  const now = Date.now();
  const errors = (service: string, minutesAgo: number, messages: readonly string[]) =>
    messages.map((message) => ({ service, level: "error", message, timestamp: now - minutesAgo * MINUTE }));
  const entries = [
    ...errors("shop", 90, ["order 1 failed <b>", "order 2 failed <b>"]),
    ...errors("shop", 20, ["order 3 failed <b>"]),
    ...errors("pay", 10, ["card 17 declined", "card 18 declined", "card 17 declined"]),
    ...errors("pay", 5, ["the bank does not answer"]),
    ...errors("shop", 2, ["no answer from the bank"]),
    { service: "shop", level: "warning", message: "slow by 300 ms", timestamp: now },
  ];
  expect((await server.send(JSON.stringify(entries))).status).toBe(201);
});
test.afterAll(() => server.remove());

const list = async (parameters: string) => {
  const { status, body } = await server.get(`/api/logs/patterns?${parameters}`);
  expect(status).toBe(200);
  return z.object({ data: z.array(patternSummarySchema) }).parse(body).data;
};

test("given thousands of lines that are few problems, then the page has the problems, in the order that is asked for, and the URL says which", async ({
  page,
}) => {
  await page.goto(`${server.url}/errors`);
  const rows = page.getByRole("row").filter({ has: page.getByRole("cell") });
  await expect(rows).toHaveCount(4);
  await expect(rows.first()).toContainText("card <num> declined");
  await expect(rows.first()).toContainText("card 17 declined");
  await expect(rows.first()).toContainText("new");
  const failed = rows.filter({ hasText: "order <num> failed <b>" });
  await expect(failed).not.toContainText("new");
  await expect(failed.getByRole("cell").nth(1)).toHaveText("2 ↓");

  await page.getByText("Newest", { exact: true }).click();
  await expect(page).toHaveURL(/order=newest/);
  await expect(rows.first()).toContainText("no answer from the bank");
  await page.getByRole("switch", { name: "Warnings too" }).check({ force: true });
  await expect(rows).toHaveCount(5);
  await page.getByRole("combobox", { name: "Service" }).click();
  await page.getByRole("option", { name: "pay" }).click();
  await expect(page).toHaveURL(/service=pay/);
  await expect(rows).toHaveCount(2);
});

test("given a pattern, then its page has its course, services and values, and leads to its lines", async ({ page }) => {
  await page.goto(server.url);
  await page.getByRole("link", { name: "card <num> declined" }).click();
  await expect(page.getByRole("heading", { name: "Pattern", exact: true })).toBeVisible();
  await expect(page.getByRole("region", { name: "Services" })).toContainText("pay");
  const values = page.getByRole("region", { name: "Values" });
  await expect(values.getByRole("listitem")).toHaveText(["17 2", "18 1"]);
  await expect(page.getByRole("region", { name: "Newest lines" })).toContainText("card 18 declined");
  await page.getByRole("link", { name: "Its logs" }).click();
  await expect(page).toHaveURL(/q=pattern/);
  await expect(page.getByText("3 entries")).toBeVisible();
  await expect(page.getByRole("list", { name: "Entries" }).getByRole("listitem")).toHaveCount(3);
  await page.goto(`${server.url}/errors/pattern?id=12345`);
  await expect(page.getByText(/not found|no such|does not exist/i).first()).toBeVisible();
});

test("given two patterns of one problem, when a person merges, takes apart and mutes them, then the lists follow", async ({
  page,
}) => {
  const bank = (await list("timeRange=1h")).find(({ message }) => message === "the bank does not answer");
  await page.goto(`${server.url}/errors/pattern?id=${bank?.pattern}`);
  await page.getByRole("button", { name: "Merge" }).click();
  const dialog = page.getByRole("dialog", { name: "Count this pattern as another" });
  await dialog.getByRole("combobox", { name: "Into" }).click();
  await page.getByRole("option", { name: "no answer from the bank" }).click();
  await dialog.getByRole("button", { name: "Merge" }).click();
  const aliases = page.getByRole("region", { name: "Counted as this one" });
  await expect(aliases).toContainText("the bank does not answer");
  await expect(page.getByRole("region", { name: "Message" })).toContainText("2 in this time range");
  expect(await list("timeRange=1h")).toHaveLength(3);

  await page.getByRole("button", { name: "Mute" }).click();
  await expect(page.getByText("muted", { exact: true })).toBeVisible();
  expect((await list("timeRange=1h&muted=1")).map(({ message }) => message)).toEqual(["no answer from the bank"]);
  await page.goto(`${server.url}/errors`);
  await expect(page.getByText("card <num> declined")).toBeVisible();
  await expect(page.getByText("no answer from the bank")).toBeHidden();
  await page.getByRole("switch", { name: "Muted" }).check({ force: true });
  await page.getByRole("link", { name: "no answer from the bank" }).click();
  await page.getByRole("button", { name: "Unmute" }).click();
  await aliases.getByRole("button", { name: "Take apart" }).click();
  await expect(aliases).toBeHidden();
  expect(await list("timeRange=1h")).toHaveLength(4);
});

test("given bad input, then it is a 4xx that says what is wrong", async () => {
  for (const [parameters, name] of [
    ["order=loud", "order"],
    ["level=info", "level"],
    ["limit=501", "limit"],
    ["timeRange=2h", "timeRange"],
    ["muted=maybe", "muted"],
    ["colour=red", "colour"],
  ]) {
    const { status, body } = await server.get(`/api/logs/patterns?${parameters}`);
    expect(status, parameters).toBe(400);
    expect(body).toMatchObject({ error: expect.stringContaining(name ?? "") });
  }
  for (const id of ["x", "1", "99999999999999999999", "%00"]) {
    expect((await server.get(`/api/logs/patterns/${id}`)).status, id).toBe(404);
  }
  const post = async (route: string, body: unknown) =>
    (await server.send(JSON.stringify(body), {}, `/api/logs/patterns/${route}`)).status;
  expect(await post("mute", { pattern: "x", muted: true })).toBe(400);
  expect(await post("mute", { pattern: "1", muted: "yes" })).toBe(400);
  expect(await post("mute", { pattern: "1", muted: true })).toBe(404);
  expect(await post("merge", { pattern: "1" })).toBe(400);
  expect(await post("merge", { pattern: "1", into: "2" })).toBe(404);
  expect(await post("unmerge", { pattern: "1" })).toBe(404);
  expect(await post("unmerge", [])).toBe(400);
});

test("given a narrow dark screen without errors, then the page says so and fits", async ({ browser }) => {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, colorScheme: "dark" });
  const page = await context.newPage();
  await page.goto(`${server.url}/errors?service=nobody`);
  await expect(page.getByText("No errors in this time range.")).toBeVisible();
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
  await context.close();
});

test("given errors that come while the pages are open, and one that somebody mutes, then the pages follow without asking", async ({
  page,
}) => {
  const asked: string[] = [];
  page.on("request", (request) => {
    if (request.method() === "GET" && request.url().includes("/api/logs/patterns")) asked.push(request.url());
  });
  const come = async (message: string) => {
    await server.send(JSON.stringify({ service: "live", level: "error", message }));
  };
  await come("queue 1 is full");
  await page.goto(`${server.url}/errors?service=live`);
  await expect(page.getByText("Live", { exact: true })).toBeVisible();
  const row = page.getByRole("row").filter({ hasText: "queue <num> is full" });
  await expect(row.getByRole("cell").first()).toHaveText("1");
  asked.length = 0;
  await come("queue 2 is full");
  await expect(row.getByRole("cell").first()).toHaveText("2");
  expect(asked).toEqual([]);

  await row.getByRole("link", { name: "queue <num> is full" }).click();
  await expect(page.getByRole("heading", { name: "Pattern", exact: true })).toBeVisible();
  await expect(page.getByText("Live", { exact: true })).toBeVisible();
  asked.length = 0;
  await come("queue 3 is full");
  await expect(page.getByText("3 in this time range")).toBeVisible();
  const [pattern] = await list("service=live&timeRange=1h");
  const muting = { method: "POST", headers: { "content-type": "application/json" } };
  const body = JSON.stringify({ pattern: pattern?.pattern, muted: true });
  expect((await fetch(`${server.url}/api/logs/patterns/mute`, { ...muting, body })).status).toBe(200);
  await expect(page.getByText("muted", { exact: true })).toBeVisible();
  expect(asked).toEqual([]);
});

test("given more patterns than a page has, then the others are on further pages and found by their messages, and filters begin at the first page", async ({
  page,
}) => {
  const letters = "ghijklmnopq".split("");
  const entries = letters.flatMap((first) =>
    letters.map((second) => ({
      service: `many ${first}`,
      level: "error",
      message: `only ${first}${second}${first} failed`,
    })),
  );
  expect((await server.send(JSON.stringify(entries))).status).toBe(201);
  await page.goto(`${server.url}/errors`);
  const rows = page.getByRole("table", { name: "Patterns" }).getByRole("row");
  await expect(page.getByText(/^1\d\d patterns$/)).toBeVisible();
  await expect(rows).toHaveCount(51);
  await expect(page.getByText("card <num> declined")).toHaveCount(1);
  await page.getByRole("button", { name: "page 2", exact: true }).click();
  await expect(page).toHaveURL(/page=2/);
  await expect(rows).toHaveCount(51);
  await expect(page.getByText("card <num> declined")).toHaveCount(0);
  // A page that there is no more leads to the last one.
  await page.goto(`${server.url}/errors?page=9`);
  await expect(page).toHaveURL(/page=3/);
  await expect(page.getByRole("cell", { name: "1", exact: true }).first()).toBeVisible();

  const search = page.getByRole("textbox", { name: "Search patterns" });
  await search.fill("ONLY Q");
  await expect(page.getByText("11 patterns", { exact: true })).toBeVisible();
  await expect(rows).toHaveCount(12);
  await expect(page).toHaveURL(/search=ONLY/);
  await expect(page).not.toHaveURL(/page=/);
  expect(await violationsOf(page)).toEqual([]);
  await search.fill("said by nobody");
  await expect(page.getByText("No pattern of this time range has this in a message.")).toBeVisible();
  await page.goto(`${server.url}/errors?page=2`);
  await expect(rows).toHaveCount(51);
  await page.getByRole("switch", { name: "Warnings too" }).check({ force: true });
  await expect(page).not.toHaveURL(/page=/);
  await page.goto(`${server.url}/errors?service=many+g`);
  await expect(rows).toHaveCount(12);

  // What a pattern is merged with is looked for on the server too.
  const [one] = await list("service=many+g&search=only%20ggg");
  await page.goto(`${server.url}/errors/pattern?id=${one?.pattern}`);
  await page.getByRole("button", { name: "Merge" }).click();
  const dialog = page.getByRole("dialog", { name: "Count this pattern as another" });
  await dialog.getByRole("combobox", { name: "Into" }).click();
  await expect(page.getByRole("option", { name: /^and \d+ more: type a part of a message$/ })).toBeVisible();
  await dialog.getByRole("combobox", { name: "Into" }).fill("only qqq");
  await page.getByRole("option", { name: "only qqq failed" }).click();
  await dialog.getByRole("button", { name: "Merge" }).click();
  await expect(page.getByRole("region", { name: "Counted as this one" })).toContainText("only ggg failed");
  await expect(page).toHaveTitle(/Pattern/);
});

test("given a server that can't be asked, then the page doesn't say that there are no errors", async ({ page }) => {
  const broken = { status: 502, contentType: "text/html", body: "<h1>502 Bad Gateway</h1>" };
  await page.route(/\/api\/logs\/(patterns|events)/, (route) => route.fulfill(broken));
  await page.goto(`${server.url}/errors`);
  await expect(page.getByRole("status").filter({ hasText: "the server answered 502" })).toBeVisible();
  await expect(page.getByText("in this time range.")).toHaveCount(0);
  await page.unroute(/\/api\/logs\/(patterns|events)/);
  await expect(page.getByRole("cell", { name: "card <num> declined" }).first()).toBeVisible();
});
