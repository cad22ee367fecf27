import { readFileSync } from "node:fs";
import { z } from "zod";
import { TestServer } from "./server";
import { expect, type Page, test } from "./test";

const server = new TestServer();
const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const SPRING = readFileSync("core/traces/fixtures/java-spring.txt", "utf8").trimEnd();
const PYTHON = readFileSync("core/traces/fixtures/python.txt", "utf8").trimEnd();
/** A double would change its numbers, and an object drop a name. */
const JSON_MESSAGE =
  'order done {"order":{"id":922337203685477507,"id":1e400,"lines":[{"price":1.10}]},"paid":true,"note":"card"}';

test.beforeAll(async () => {
  await server.start();
  const now = Date.now();
  const steps = Array.from({ length: 5 }, (_, index) => ({
    service: "steps",
    message: `card ${index} declined`,
    timestamp: now - index * 1_000,
    attributes: { http: { status: 500 + index }, path: "/Card" },
  }));
  const traced = [
    { service: "web", message: "asked", attributes: { trace_id: TRACE, "x-request-id": "r-7" } },
    { service: "shop", message: "paid", attributes: { traceId: TRACE } },
    { service: "bank", message: "booked", attributes: { traceparent: `00-${TRACE}-00f067aa0ba902b7-01` } },
    { service: "old", message: `trace=${TRACE} request=r-7 done` },
    { service: "web", message: "another", attributes: { trace_id: "0".repeat(32) } },
  ];
  const others = [
    { service: "java", level: "error", message: SPRING },
    { service: "python", level: "error", message: "it failed", attributes: { exception: { stacktrace: PYTHON } } },
    { service: "json", message: JSON_MESSAGE },
    { service: "micros", message: "tick", timestamp: new Date(now).toISOString().replace(/\d{3}Z$/, "123456Z") },
    { service: "long", message: Array.from({ length: 200 }, (_, index) => `line ${index} of many`).join("\n") },
  ];
  expect((await server.send(JSON.stringify([...steps, ...traced, ...others]))).status).toBe(201);
});
test.afterAll(() => server.remove());

const pathOf = (q: string, id?: string) =>
  `${server.url}/logs?${new URLSearchParams({ q, range: "6h", ...(id !== undefined && { entry: id }) })}`;

const answerSchema = z.object({ data: z.object({ entries: z.array(z.object({ id: z.string() })) }) });

const clipboardOf = (page: Page) => page.evaluate(() => navigator.clipboard.readText());

/** Opens the first entry that a query finds. */
async function open(page: Page, q: string) {
  const { body } = await server.get(`/api/logs?limit=1&q=${encodeURIComponent(q)}`);
  await page.goto(pathOf(q, answerSchema.parse(body).data.entries[0]?.id));
  const entry = page.getByRole("region", { name: "Entry" });
  await expect(entry.getByRole("button", { name: "Copy as JSON" })).toBeVisible();
  return entry;
}

test("given a wide screen, when entries are opened and stepped through, then the list stays beside, and URL, keyboard and Back follow", async ({
  page,
  context,
}) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.goto(pathOf("service:steps"));
  const list = page.getByRole("list", { name: "Entries" });
  await list.getByText("card 1 declined").click();
  const entry = page.getByRole("region", { name: "Entry" });
  await expect(entry).toBeFocused();
  await expect(entry.getByText("2 of 5 shown")).toBeVisible();
  await expect(entry.getByRole("status")).toHaveText("info, steps: card 1 declined");
  await expect(list.getByText("card 4 declined")).toBeVisible();

  await page.keyboard.press("j");
  await expect(entry.getByRole("status")).toHaveText("info, steps: card 2 declined");
  await entry.getByRole("button", { name: "Next entry" }).click();
  await expect(entry.getByRole("status")).toHaveText("info, steps: card 3 declined");
  await page.keyboard.press("k");
  await page.keyboard.press("k");
  await page.keyboard.press("k");
  await expect(entry.getByRole("status")).toHaveText("info, steps: card 0 declined");
  await expect(entry.getByRole("button", { name: "Previous entry" })).toHaveAttribute("aria-disabled", "true");
  await page.keyboard.press("k");
  await expect(entry.getByText("1 of 5 shown")).toBeVisible();

  // Enter belongs to the button that has the focus.
  await entry.getByRole("button", { name: "Copy message" }).focus();
  await page.keyboard.press("Enter");
  await expect.poll(() => clipboardOf(page)).toBe("card 0 declined");

  const link = page.url();
  await page.keyboard.press("Escape");
  await expect(entry).toBeHidden();
  await expect(list.getByRole("button", { name: /card 0 declined/ })).toBeFocused();
  await page.goto(link);
  await expect(entry.getByText("1 of 5 shown")).toBeVisible();
  await page.goto(pathOf("service:steps"));
  await list.getByText("card 1 declined").click();
  await page.keyboard.press("j");
  await expect(entry.getByText("3 of 5 shown")).toBeVisible();
  await page.goBack();
  await expect(entry).toBeHidden();
  await expect(list.getByText("card 1 declined")).toBeVisible();
});

test("given an entry and a list of columns over it, when Escape is pressed, then one thing closes at a time, and the focus goes back", async ({
  page,
}) => {
  const entry = await open(page, "service:steps");
  await page.getByRole("button", { name: "Columns" }).click();
  const columns = page.getByRole("dialog").filter({ has: page.getByLabel("Another attribute") });
  await expect(columns).toBeVisible();
  await columns.getByRole("button", { name: "Add column" }).focus();
  await page.keyboard.press("Escape");
  await expect(columns).toBeHidden();
  await expect(entry).toBeVisible();
  await expect(page.getByRole("button", { name: "Columns" })).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(entry).toBeHidden();
});

test("given a query, then what it asks for is marked in the list and the entry, and what it excludes is not", async ({
  page,
}) => {
  const entry = await open(page, "CARD /decl[a-z]+/ http.status:50* path:/c.*/ NOT (lost OR info)");
  const marks = page.getByRole("list", { name: "Entries" }).getByRole("listitem").first().locator("mark");
  await expect(marks).toHaveText(["card", "declined"]);
  await expect(entry.locator("mark")).toHaveText(["card", "declined", "500", "Card"]);
});

test("given a stack trace, then one's own frames are in front, those of libraries are folded by kind, and the whole can be copied", async ({
  page,
  context,
}) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const entry = await open(page, "service:java");
  await expect(entry.getByText("at com.acme.shop.Shop$Ledger.open(Shop.java:5)")).toBeVisible();
  const library = entry.getByText("NativeConstructorAccessorImpl.newInstance0(Native Method)");
  await expect(library).toBeHidden();
  await entry.getByText("6 frames of Java (5), Spring (1)").click();
  await expect(library).toBeVisible();
  await expect(entry.getByText("11 frames of Spring")).toBeVisible();
  await entry.getByRole("button", { name: "Copy message" }).click();
  await expect.poll(() => clipboardOf(page)).toBe(SPRING);
  await entry.getByText("Text", { exact: true }).click();
  await expect(entry.locator("pre", { hasText: "... 13 more" })).toHaveText(SPRING, { useInnerText: true });

  await page.goto(pathOf("service:java refresh"));
  await page.getByRole("list", { name: "Entries" }).getByRole("button").first().click();
  await expect(entry.locator("mark", { hasText: "refresh" }).first()).toBeVisible();

  await open(page, "service:python");
  await expect(entry.getByRole("heading", { name: "exception.stacktrace" })).toBeVisible();
  await expect(entry.getByText('checkout.py", line 24, in pay').first()).toBeVisible();
  await expect(entry.getByText("8 frames of sqlalchemy")).toBeVisible();
  await entry.getByRole("button", { name: "Copy stack trace" }).click();
  await expect.poll(() => clipboardOf(page)).toBe(PYTHON);
});

test("given the id of a trace or a request, then it leads to all lines that have it, whatever they call it", async ({
  page,
}) => {
  const entry = await open(page, "service:web asked");
  await entry.getByRole("link", { name: TRACE }).click();
  await expect(page).toHaveURL(/from=.*to=/);
  const lines = page.getByRole("list", { name: "Entries" }).getByRole("listitem");
  await expect(lines).toHaveCount(4);
  for (const message of ["asked", "paid", "booked", "done"])
    await expect(lines.filter({ hasText: message })).toHaveCount(1);

  await lines.filter({ hasText: "booked" }).click();
  await entry.getByRole("link", { name: "Lines of this trace" }).click();
  await expect(entry).toBeHidden();
  await expect(lines).toHaveCount(4);
  await lines.filter({ hasText: "asked" }).click();
  await entry.getByRole("link", { name: "Lines of this request" }).click();
  await expect(lines).toHaveCount(2);
  await open(page, "service:web another");
  await expect(entry.getByRole("link", { name: "Lines of this trace" })).toHaveCount(0);
});

test("given a message with JSON, then it is a tree with its own digits and names, which folds", async ({ page }) => {
  const entry = await open(page, "card service:json");
  await expect(entry.getByText("order done", { exact: true })).toBeVisible();
  for (const text of ["id: 922337203685477507", "id: 1e400", "price: 1.10", "paid: true"]) {
    await expect(entry.getByText(text)).toBeVisible();
  }
  await expect(entry.locator("mark")).toHaveText(["card", "json"]);
  await entry.getByText("order {3}").click();
  await expect(entry.getByText("price: 1.10")).toBeHidden();
  await entry.getByText("Text", { exact: true }).click();
  await expect(entry.locator("pre")).toHaveText(JSON_MESSAGE);
});

test("given an entry, then its time has milliseconds, and its microseconds on hover and among the fields", async ({
  page,
}) => {
  const entry = await open(page, "service:micros");
  const time = entry.locator("time").first();
  await expect(time).toHaveText(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.123$/);
  await expect(time).toHaveAttribute("title", /\.123456Z$/);
  await expect(entry.getByText(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.123456Z$/)).toBeVisible();
});

test("given a long message, then its beginning is shown, and all of it on request", async ({ page }) => {
  const entry = await open(page, "service:long");
  const isCut = () =>
    entry.locator("pre").evaluate((text) => (text.parentElement?.clientHeight ?? 0) < text.clientHeight);
  expect(await isCut()).toBe(true);
  await entry.getByRole("button", { name: "Show all 3,289 characters in 200 lines" }).click();
  await expect.poll(isCut).toBe(false);
  await entry.getByRole("button", { name: "Show less" }).click();
  await expect.poll(isCut).toBe(true);
});

test("given a phone, then the entry lies over the list, with the same ways to the next", async ({ browser }) => {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, colorScheme: "dark" });
  const page = await context.newPage();
  await page.goto(pathOf("service:steps"));
  await page.getByRole("list", { name: "Entries" }).getByText("card 0 declined").click();
  const dialog = page.getByRole("dialog", { name: "Entry" });
  await dialog.getByRole("button", { name: "Next entry" }).click();
  await expect(dialog.getByText("2 of 5 shown")).toBeVisible();
  await page.keyboard.press("j");
  await expect(dialog.getByRole("status")).toHaveText("info, steps: card 2 declined");
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
  await dialog.getByRole("button", { name: "Close" }).click();
  await expect(dialog).toBeHidden();
  await context.close();
});
