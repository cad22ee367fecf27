import { readFileSync } from "node:fs";
import type { Page } from "@playwright/test";
import { z } from "zod";
import { searchResultSchema } from "@/core/search/schemas";
import { TestServer } from "./server";
import { expect, test } from "./test";

const server = new TestServer();
test.beforeAll(async () => {
  await server.start();
  const now = Date.now();
  const entries = Array.from({ length: 3_000 }, (_, index) => ({
    service: index % 3 === 0 ? "checkout" : "search",
    level: index % 50 === 0 ? "error" : "info",
    message: index % 50 === 0 ? `card ${index} declined <b>by</b> issuer` : `request ${index} served`,
    timestamp: now - index * 1_000,
    tags: index % 10 === 0 ? ["canary"] : [],
    attributes: { http: { status: index % 50 === 0 ? 500 : 200 }, user: { id: index } },
  }));
  expect((await server.send(JSON.stringify(entries))).status).toBe(201);
});
test.afterAll(() => server.remove());

const search = async (parameters: string) => {
  const { status, body } = await server.get(`/api/logs?attributes=text&${parameters}`);
  expect(status).toBe(200);
  return z.object({ data: searchResultSchema }).parse(body).data;
};

test("given the API, when pages are followed, then each entry comes once, newest first", async () => {
  const seen: string[] = [];
  let cursor = "";
  do {
    const page = await search(`service=checkout&limit=300${cursor}`);
    seen.push(...page.entries.map(({ id }) => id));
    cursor = page.next_cursor === null ? "" : `&cursor=${page.next_cursor}`;
  } while (cursor !== "");
  expect(seen).toHaveLength(1_000);
  expect(new Set(seen).size).toBe(1_000);
  const [first] = (await search("q=http.status:500&limit=1")).entries;
  expect((await server.get(`/api/logs/${first?.id}`)).body).toMatchObject({ data: { id: first?.id, level: "error" } });
  expect((await server.get(`/api/logs/${first?.id}/context?limit=2`)).body).toMatchObject({
    data: { entry: { id: first?.id }, complete: true, missing_segments: [] },
  });
});

test("given hostile queries, then each is a 400 with its place, or finds just what it says", async () => {
  for (const [q, status] of [
    ["'; drop table logs.logs; --", 200],
    ["' OR 1=1", 200],
    ["%", 200],
    ["100% _ \\\\", 200],
    ['"unclosed', 400],
    ["/(a+)+$/", 400],
    ["/(/", 400],
    [`${"(".repeat(60)}a${")".repeat(60)}`, 400],
    ["level:info ".repeat(300), 400],
    ["y".repeat(10_300), 400],
    ["a\0b", 400],
    [`${"z".repeat(10_000)}`, 200],
    ["level:nothing", 400],
  ] as const) {
    const answer = await server.get(`/api/logs?q=${encodeURIComponent(q)}`);
    expect(answer.status, q.slice(0, 40)).toBe(status);
    if (status === 400) expect(answer.body).toMatchObject({ data: { query: { position: expect.any(Number) } } });
    else expect(z.object({ data: searchResultSchema }).parse(answer.body).data.entries).toEqual([]);
  }
  for (const [parameters, name] of [
    ["limit=0", "limit"],
    ["limit=1001", "limit"],
    ["from=now", "from"],
    ["from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z", "from"],
    ["level=loud", "level"],
    ["cursor=abc", "cursor"],
    ["colour=red", "colour"],
  ]) {
    const { status, body } = await server.get(`/api/logs?${parameters}`);
    expect(status, parameters).toBe(400);
    expect(body).toMatchObject({ error: expect.stringContaining(name ?? "") });
  }
  for (const id of ["x", "1-1", "%00"]) expect((await server.get(`/api/logs/${id}`)).status).toBe(404);
});

test("given the page, when somebody searches, filters, opens and goes on by keyboard, then the URL says what is shown", async ({
  page,
}) => {
  await page.goto(`${server.url}/logs`);
  const list = page.getByRole("list", { name: "Entries" });
  await expect(list.getByRole("listitem").first()).toContainText("declined");
  await expect(page.getByText("3,000 entries")).toBeVisible();

  await page.keyboard.press("/");
  await expect(page.getByRole("textbox", { name: "Query" })).toBeFocused();
  await page.keyboard.type("declined level>=err");
  await page.getByRole("option", { name: "declined level>=error" }).click();
  await page.getByRole("button", { name: "Search", exact: true }).click();
  await expect(page).toHaveURL(/q=declined/);
  await expect(page.getByText("60 entries")).toBeVisible();
  await expect(page.getByText(/^1 to \d+ of 60$/)).toBeVisible();

  await page.getByRole("textbox", { name: "Query" }).press("Escape");
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  await page.keyboard.press("k");
  await page.keyboard.press("Enter");
  const opened = page.getByRole("region", { name: "Entry" });
  await expect(opened).toContainText("card 0 declined <b>by</b> issuer");
  await opened.getByText("http {1}", { exact: true }).click();
  await expect(opened.getByRole("button", { name: "Filter for http.status 500" })).toBeHidden();
  await opened.getByText("http {1}", { exact: true }).click();
  await expect(opened.getByRole("button", { name: "Filter for http.status 500" })).toBeVisible();
  await expect(page).toHaveURL(/entry=/);
  await opened.getByRole("button", { name: "Show what came before and after" }).click();
  await expect(opened.getByText("request 3 served")).toBeVisible();
  const permalink = page.url();

  await opened.getByRole("button", { name: "Filter for service checkout" }).click();
  await expect(page.getByText("20 entries")).toBeVisible();
  await expect(page.getByRole("textbox", { name: "Query" })).toHaveValue("declined level>=error service:checkout");
  await page.goBack();
  await expect(opened).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(opened).toBeHidden();

  await page.getByRole("button", { name: /^Only service checkout/ }).click();
  await expect(page.getByText("20 entries")).toBeVisible();

  await page.goto(permalink);
  await expect(opened).toContainText("card 0 declined");
  await opened.getByRole("button", { name: "Filter out http.status 500" }).click();
  await expect(page.getByText("Nothing found in this time.")).toBeVisible();
});

test("given an entry, when similar lines are asked for, then its pattern's lines of every value are shown", async ({
  page,
}) => {
  await page.goto(`${server.url}/logs?range=6h&q=${encodeURIComponent('"request 3 served"')}`);
  await page.getByRole("list", { name: "Entries" }).getByText("request 3 served").first().click();
  await page.getByRole("button", { name: "Similar lines" }).click();
  await expect(page).toHaveURL(/q=pattern/);
  await expect(page.getByText("2,940 entries")).toBeVisible();
});

test("given a wrong query, then its place is marked and the reason told", async ({ page }) => {
  await page.goto(`${server.url}/logs?q=${encodeURIComponent("declined (oops")}`);
  const problem = page.getByRole("alert").filter({ hasText: "not closed" });
  await expect(problem).toContainText("a ( is not closed, at character 10");
  // However many blanks are typed before a pipe.
  await page.goto(`${server.url}/logs?q=${encodeURIComponent("  declined    | stats nope()")}`);
  const unknown = page.getByRole("alert").filter({ hasText: "nope is no function" });
  await expect(unknown.getByText("nope", { exact: true })).toBeVisible();
  await page.getByRole("link", { name: "The query language" }).click();
  await expect(page.getByRole("heading", { name: "The query language" })).toBeVisible();
});

test("given queries that nothing can take, such as one with NUL or a trace that is too long, then the page stands and says why", async ({
  page,
}) => {
  const problem = page.getByRole("alert").filter({ hasText: "at character 1" });
  for (const view of ["lines", "patterns", "chart", "table"]) {
    await page.goto(`${server.url}/logs?q=%00&view=${view}`);
    await expect(problem).toContainText("the NUL character can't be searched for");
  }
  await expect(page.getByRole("button", { name: "Add to dashboard" })).toHaveCount(0);

  // As an address it has more than the server reads of one.
  const trace = `java.lang.IllegalStateException\n${"\tat shop.Order.pay(Order.java:17)\n".repeat(400)}`;
  await page.goto(`${server.url}/logs`);
  const query = page.getByRole("textbox", { name: "Query" });
  await query.fill(trace);
  await query.press("Enter");
  await expect(problem).toContainText("the query has more than 10240 bytes");
  await query.fill("declined");
  await query.press("Enter");
  await expect(page.getByText("60 entries")).toBeVisible();
  await expect(page.getByRole("button", { name: "Add to dashboard" })).toBeVisible();
});

test("given a busy server that counts neither values nor the course, then the page says so, and they can be asked for again", async ({
  page,
}) => {
  const failing = /\/api\/logs\/(histogram|facets)\?/;
  await page.route(failing, (route) =>
    route.fulfill({ status: 503, json: { success: false, error: "too many searches wait for their turn" } }),
  );
  await page.goto(`${server.url}/logs?q=declined`);
  const note = page.getByRole("alert").filter({ hasText: "could not be counted" });
  await expect(note).toContainText(
    "The entries over time could not be counted: too many searches wait for their turn.",
  );
  await expect(note).toContainText("The values could not be counted");
  await expect(page.getByRole("list", { name: "Entries" })).toContainText("declined");
  await page.unroute(failing);
  await note.getByRole("button", { name: "Try again" }).click();
  await expect(note).toHaveCount(0);
  await expect(page.getByText("60 entries")).toBeVisible();
  await expect(page.getByRole("region", { name: "Values", exact: true })).toBeVisible();
});

test("given columns, when they are chosen and saved as a view, then the view brings query, time and columns back, until it is deleted", async ({
  page,
}) => {
  await page.goto(`${server.url}/logs?range=6h&q=declined`);
  const first = page.getByRole("list", { name: "Entries" }).getByRole("listitem").first();
  await expect(first).toContainText("checkout");
  await page.getByRole("button", { name: "Columns" }).click();
  await page.getByRole("checkbox", { name: "http.status" }).check();
  await page.getByRole("textbox", { name: "Another attribute" }).fill("user.id");
  await page.getByRole("button", { name: "Add column" }).click();
  await page.getByRole("checkbox", { name: "service" }).uncheck();
  await page.keyboard.press("Escape");
  await expect(first).toContainText("500");
  await expect(first).not.toContainText("checkout");
  await expect(page).toHaveURL(/columns=message,http.status,user.id/);

  const save = async (name: string, button: string) => {
    await page.getByRole("button", { name: "Views" }).click();
    await page.getByRole("menuitem", { name: "Save this view" }).click();
    await page.getByRole("textbox", { name: "Name" }).fill(name);
    await page.getByRole("button", { name: button }).click();
    await expect(page.getByRole("dialog", { name: "Save this view" })).toBeHidden();
  };
  await page.getByRole("button", { name: "Views" }).click();
  await expect(page.getByText("No view is saved yet")).toBeVisible();
  await page.keyboard.press("Escape");
  await save("<b>Declined</b> cards", "Save");
  await page.goto(`${server.url}/logs`);
  await page.getByRole("button", { name: "Views" }).click();
  await page.getByRole("menuitem", { name: "<b>Declined</b> cards" }).click();
  await expect(page).toHaveURL(/range=6h/);
  await expect(page.getByRole("textbox", { name: "Query" })).toHaveValue("declined");
  await expect(first).toContainText("500");
  await expect(first).not.toContainText("checkout");
  await save("<b>Declined</b> cards", "Replace the view of this name");

  await page.getByRole("button", { name: "Views" }).click();
  await page.getByRole("menuitem", { name: "Manage views" }).click();
  await page.getByRole("button", { name: "Delete view <b>Declined</b> cards" }).click();
  await page.getByRole("button", { name: "Delete it" }).click();
  await expect(page.getByText("No view is left.")).toBeVisible();
  const { body } = await server.get("/api/logs/views");
  expect(body).toMatchObject({ data: [] });
});

test("given views by the API, then bad input is a 400, a name that is taken a 409 and an id of nothing a 404", async () => {
  const call = async (method: string, route: string, body?: unknown) =>
    (
      await fetch(`${server.url}/api/logs/views${route}`, {
        method,
        body: body === undefined ? undefined : JSON.stringify(body),
      })
    ).status;
  expect(await call("POST", "", { name: "api", range: "1h" })).toBe(201);
  expect(await call("POST", "", { name: "api", range: "1h" })).toBe(409);
  expect(await call("POST", "", { name: "wrong", range: "1h", query: "(" })).toBe(400);
  expect(await call("POST", "", { name: 5 })).toBe(400);
  expect(await call("PUT", "?id=x", { name: "a", range: "1h" })).toBe(400);
  expect(await call("PUT", "?id=999999", { name: "a", range: "1h" })).toBe(404);
  expect(await call("DELETE", "?id=999999")).toBe(404);
  expect(await call("DELETE", "")).toBe(400);
});

const countedSchema = z.object({ data: z.object({ is_all: z.literal(true) }) });

/** Opens a page of which all values are counted: on a busy machine a second may not suffice, and then the page has fewer. */
async function openCounted(page: Page, url: string) {
  await expect(async () => {
    const facets = page.waitForResponse(/\/api\/logs\/facets\?/);
    await page.goto(url);
    countedSchema.parse(await (await facets).json());
  }).toPass();
}

test("given what was found, when a field is typed, then attributes and their values complete it", async ({ page }) => {
  await openCounted(page, `${server.url}/logs?range=6h`);
  await expect(page.getByText("3,000 entries")).toBeVisible();
  const bar = page.getByRole("textbox", { name: "Query" });
  await bar.click();
  await page.keyboard.type("NOT http.st");
  await page.getByRole("option", { name: "NOT http.status:" }).click();
  await bar.press("End");
  await page.keyboard.type("2");
  await page.getByRole("option", { name: "NOT http.status:200" }).click();
  await page.keyboard.press("Enter");
  await expect(page.getByText("60 entries")).toBeVisible();
});

test("given a long query, then the bar has lines for it, Shift and Enter begin another one, and Enter asks", async ({
  page,
}) => {
  await page.goto(`${server.url}/logs?range=6h`);
  const bar = page.getByRole("textbox", { name: "Query" });
  const height = async () => (await bar.boundingBox())?.height ?? 0;
  await expect.poll(height).toBe(36);
  const long = Array.from({ length: 12 }, (_, index) => `NOT "request ${index} of nobody"`).join(" ");
  await bar.fill(long);
  await expect.poll(height).toBeGreaterThan(50);
  await bar.fill("declined");
  await bar.press("Shift+Enter");
  await page.keyboard.type("service:checkout");
  await expect.poll(height).toBe(56);
  await expect(page).not.toHaveURL(/q=/);
  await bar.press("Enter");
  await expect(page.getByText("20 entries")).toBeVisible();
  await expect(bar).toHaveValue("declined\nservice:checkout");
});

test("given queries that were asked, then the keyboard brings them back, after a reload too, until they are forgotten", async ({
  page,
}) => {
  await page.goto(`${server.url}/logs?range=6h`);
  const bar = page.getByRole("textbox", { name: "Query" });
  for (const query of ["declined", "level:error service:search", "declined"]) {
    await bar.fill(query);
    await bar.press("Enter");
    await expect(page).toHaveURL(({ searchParams }) => searchParams.get("q") === query);
  }
  await page.goto(`${server.url}/logs?range=6h`);
  await expect(page.getByText("3,000 entries")).toBeVisible();
  await bar.focus();
  await bar.press("ArrowDown");
  const asked = page.getByRole("group", { name: "Asked before" }).getByRole("option");
  await expect(asked).toHaveText(["declined", "level:error service:search"]);
  const [place, offered] = await Promise.all([bar.boundingBox(), asked.first().boundingBox()]);
  expect(offered?.y).toBeGreaterThan((place?.y ?? 0) + (place?.height ?? 0));
  expect(offered?.x).toBeGreaterThanOrEqual(place?.x ?? 0);
  await bar.press("ArrowDown");
  await bar.press("ArrowDown");
  await bar.press("Enter");
  await expect(page.getByText("40 entries")).toBeVisible();
  await expect(bar).toHaveValue("level:error service:search");

  await bar.fill("DECL");
  await expect(asked).toHaveText(["declined"]);
  await bar.fill("");
  await page.getByRole("button", { name: "Asked before" }).click();
  await page.getByRole("option", { name: "Forget what was asked" }).click();
  await page.getByRole("button", { name: "Asked before" }).click();
  await expect(page.getByText("Nothing was asked yet in this browser.")).toBeVisible();
});

test("given the histogram, when it is dragged over, then the time narrows, and a relative range brings all back", async ({
  page,
}) => {
  await page.goto(`${server.url}/logs`);
  const chart = page.locator("figure svg").first();
  await expect(chart).toBeVisible();
  const box = await chart.boundingBox();
  if (!box) throw new Error("the chart has no place");
  await page.mouse.move(box.x + box.width * 0.5, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.6, box.y + box.height / 2, { steps: 5 });
  await page.mouse.up();
  await expect(page).toHaveURL(/from=.*to=/);
  await expect(page.getByText("3,000 entries")).toBeHidden();
  await page.getByRole("button", { name: / – / }).click();
  await page.getByRole("button", { name: "Last 6 hours" }).click();
  await expect(page).toHaveURL(/range=6h/);
  await expect(page.getByText("3,000 entries")).toBeVisible();
});

test("given a search, when it is exported, then the file has all that it finds, and the page shows that it is done", async ({
  page,
}) => {
  await page.goto(`${server.url}/logs?range=6h&q=declined`);
  await expect(page.getByText("60 entries")).toBeVisible();
  await page.getByRole("button", { name: "Export" }).click();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("menuitem", { name: "CSV", exact: true }).click(),
  ]);
  expect(download.suggestedFilename()).toBe("cordwood.csv");
  const lines = readFileSync(await download.path(), "utf8")
    .trimEnd()
    .split("\r\n");
  expect(lines).toHaveLength(61);
  expect(lines[1]).toContain("card 0 declined <b>by</b> issuer");
  await expect(page.getByRole("dialog", { name: "Export" })).toBeHidden();
  const all = await (await fetch(`${server.url}/api/logs/export`)).text();
  expect(all.trimEnd().split("\n")).toHaveLength(3_000);
  for (const parameters of ["format=xml", "q=(", "from=x"]) {
    expect((await server.get(`/api/logs/export?${parameters}`)).status).toBe(400);
  }
});

test("given a narrow dark screen and thousands of entries, then the list scrolls to the end and more are fetched", async ({
  browser,
}) => {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, colorScheme: "dark" });
  const page = await context.newPage();
  await page.goto(`${server.url}/logs?range=6h`);
  await expect(page.getByText(/^1 to \d+ of 3,000$/)).toBeVisible();
  const list = page.getByRole("list", { name: "Entries" });
  await list.hover();
  const end = page.getByText(/ to 3,000 of 3,000$/);
  for (let turn = 0; turn < 100 && !(await end.isVisible()); turn++) {
    await page.mouse.wheel(0, 6_000);
    await page.waitForTimeout(50);
  }
  await expect(end).toBeVisible();
  await expect(list.getByText("request 2999 served")).toBeVisible();
  expect(await list.getByRole("listitem").count()).toBeLessThan(200);
  await page.getByRole("button", { name: "Values" }).click();
  await page
    .getByRole("dialog", { name: "Values" })
    .getByRole("button", { name: /^Only level error/ })
    .click();
  await expect(page.getByText("60 entries")).toBeVisible();
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
  await context.close();
});

test("given a window of 1440 by 900, then the list begins within 200 pixels, reaches the window's end, and the page itself doesn't scroll", async ({
  browser,
}) => {
  const context = await browser.newContext({ viewport: { width: 1_440, height: 900 } });
  const page = await context.newPage();
  await page.goto(`${server.url}/logs?range=6h`);
  await page.getByRole("button", { name: "Put this note away" }).click();
  await expect(page.getByText(/^1 to \d+ of 3,000$/)).toBeVisible();
  await expect(page.getByText("3,000 entries")).toBeVisible();
  const first = await page.getByRole("list", { name: "Entries" }).getByRole("listitem").first().boundingBox();
  expect(first?.y).toBeLessThanOrEqual(200);
  const below = await page.getByText(/^1 to \d+ of 3,000$/).boundingBox();
  expect(below?.y).toBeGreaterThan(900 - 48);
  expect(await page.evaluate(() => document.documentElement.scrollHeight)).toBeLessThanOrEqual(900);
  await context.close();
});

test("given thousands of entries, then one Tab stop leads into the list, and the keyboard from its top to its end and back", async ({
  page,
}) => {
  await page.goto(`${server.url}/logs?range=6h`);
  const list = page.getByRole("list", { name: "Entries" });
  const focused = list.locator(":focus");
  const place = () => focused.locator("xpath=ancestor::li").getAttribute("aria-posinset");
  await expect(list.getByRole("listitem").first()).toHaveAttribute("aria-setsize", "3000");
  await list.getByRole("button").first().focus();
  await page.keyboard.press("ArrowDown");
  await expect.poll(place).toBe("2");
  await page.keyboard.press("PageDown");
  await expect.poll(async () => Number(await place())).toBeGreaterThan(10);
  expect(await list.locator("button[tabindex='0']").count()).toBe(1);
  // The end is that of what is known, which grows until all is.
  await expect
    .poll(
      async () => {
        await page.keyboard.press("End");
        return place();
      },
      { timeout: 60_000 },
    )
    .toBe("3000");
  await expect(focused).toContainText("request 2999 served");
  await page.keyboard.press("Home");
  await expect(focused).toContainText("card 0 declined");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("region", { name: "Entry" })).toContainText("card 0 declined");
});

test("given a search, when more has come and it is refreshed, then it is shown, within the same minute too", async ({
  page,
}) => {
  await page.goto(`${server.url}/logs?q=service:late`);
  await expect(page.getByText("Nothing found in this time.")).toBeVisible();
  expect((await server.send('{"service":"late","message":"came later"}')).status).toBe(201);
  await page.getByRole("button", { name: "Refresh" }).click();
  await expect(page.getByText("came later")).toBeVisible();
  await expect(page.getByText("1 entry", { exact: true })).toBeVisible();
});

test("given numbers that a parser of JSON would round, then the API and the page give them as they were sent, and the filter finds them", async ({
  page,
}) => {
  const attributes = '{"z":1.10,"order":922337203685477507,"2":1e400,"1":"x"}';
  const sent = `{"service":"digits","message":"many digits","attributes":${attributes}}`;
  expect((await server.send(sent)).status).toBe(201);
  const [found] = (await search("service=digits")).entries;
  const routes = ["?service=digits", `/${found?.id}`, `/${found?.id}/context`, "/export?format=ndjson&service=digits"];
  for (const route of routes) {
    expect(await (await fetch(`${server.url}/api/logs${route}`)).text()).toContain(`"attributes":${attributes}`);
  }
  expect((await server.get("/api/logs?attributes=xml")).status).toBe(400);

  await page.goto(`${server.url}/logs?entry=${found?.id}`);
  const opened = page.getByRole("region", { name: "Entry" });
  for (const text of ["1.10", "922337203685477507", "1e400"]) await expect(opened.getByText(text)).toBeVisible();
  await opened.getByRole("button", { name: "Filter for order 922337203685477507" }).click();
  await expect(page.getByRole("textbox", { name: "Query" })).toHaveValue("order:922337203685477507");
  await expect(page.getByText("many digits").first()).toBeVisible();
});

test("given entries within one millisecond, then the API gives each its microseconds, takes them as bounds, and the tail has them too", async () => {
  const times = ["123456", "123457", "123999"].map((digits) =>
    new Date().toISOString().replace(/\d{3}Z$/, `${digits}Z`),
  );
  const controller = new AbortController();
  const tail = await fetch(`${server.url}/api/logs/tail?q=service:micros`, { signal: controller.signal });
  let tailed = "";
  const reader = tail.body?.pipeThrough(new TextDecoderStream()).getReader();
  const readUntil = async (isEnough: () => boolean) => {
    while (!isEnough()) tailed += (await reader?.read())?.value;
  };
  await readUntil(() => tailed.includes("event: heartbeat"));
  const sent = times.map((timestamp) => ({ service: "micros", message: "tick", timestamp }));
  expect((await server.send(JSON.stringify(sent))).status).toBe(201);
  const timesOf = async (parameters: string) =>
    (await search(`service=micros&${parameters}`)).entries.map(({ timestamp }) => timestamp).toReversed();
  expect(await timesOf("")).toEqual(times);
  expect(await timesOf(`from=${times[1]}`)).toEqual(times.slice(1));
  expect(await timesOf(`to=${times[1]}`)).toEqual(times.slice(0, 1));
  expect(await timesOf(`from=${times[1]}&to=${times[2]}`)).toEqual([times[1]]);
  expect((await server.get(`/api/logs?from=${times[1]}&to=${times[1]}`)).status).toBe(400);
  await readUntil(() => times.every((time) => tailed.includes(`"timestamp":"${time}"`)));
  controller.abort();
});

test("given fields and a length, then entries have these, and say what was cut, in a search, alone, in their context and in a tail", async () => {
  const form = "fields=message,user.id,http&length=4";
  const { body } = await server.get(`/api/logs?q=http.status:500&limit=1&${form}`);
  const { data } = z.object({ data: z.object({ entries: z.array(z.looseObject({ id: z.string() })) }) }).parse(body);
  const [entry] = data.entries;
  expect(entry).toEqual({
    id: expect.any(String),
    timestamp: expect.any(String),
    level: "error",
    message: "card",
    attributes: { http: { status: 500 }, user: { id: 0 } },
    cut: { message: "card 0 declined <b>by</b> issuer".length },
  });
  expect((await server.get(`/api/logs/${entry?.id}?${form}`)).body).toMatchObject({ data: entry });
  expect((await server.get(`/api/logs/${entry?.id}/context?${form}`)).body).toMatchObject({ data: { entry } });
  for (const [wrong, error] of [
    ["fields=a,,b", "fields must be names with a comma between them"],
    [`fields=${Array(51).fill("a").join(",")}`, "fields may have 50 names"],
    [`fields=${"a".repeat(201)}`, "fields may have 200 characters in a name"],
    ["length=0", "length must be a whole number from 1 to 65536"],
  ] as const) {
    for (const route of ["/api/logs", `/api/logs/${entry?.id}`, "/api/logs/tail"]) {
      const { status, body: refused } = await server.get(`${route}?${wrong}`);
      expect([status, refused], route).toEqual([400, expect.objectContaining({ error })]);
    }
  }
});

test("given heavy lines, then a page gets of them what it shows, and all of one that is opened", async ({ page }) => {
  const attributes = Object.fromEntries(Array.from({ length: 800 }, (_, index) => [`attribute_${index}`, "a value"]));
  const heavy = Array.from({ length: 100 }, (_, index) => ({
    service: "heavy",
    message: `heavy ${index} ${"word ".repeat(12_000)}the end`,
    attributes: { ...attributes, order: { id: index } },
  }));
  for (let index = 0; index < heavy.length; index += 50) {
    expect((await server.send(JSON.stringify(heavy.slice(index, index + 50)))).status).toBe(201);
  }
  const sizes: number[] = [];
  page.on("response", async (response) => {
    if (response.url().includes("/api/logs?")) sizes.push((await response.body()).length);
  });
  await page.goto(`${server.url}/logs?q=service:heavy&columns=message,order.id`);
  const first = page.getByRole("list", { name: "Entries" }).getByRole("listitem").first();
  await expect(first).toContainText(/heavy \d+ word word.*word/);
  await expect(first.locator("[data-column='order.id']")).toHaveText(/^\d+$/);
  await expect.poll(() => sizes.length).toBeGreaterThan(0);
  expect(Math.max(...sizes)).toBeLessThan(100 * 1_000);
  await first.getByRole("button").click();
  await expect(page.getByText("the end").first()).toBeAttached();
  await page.keyboard.press("Escape");
  await expect(page.getByText("the end")).toHaveCount(0);
});
