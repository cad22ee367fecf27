import type { Page } from "@playwright/test";
import { z } from "zod";
import { searchAnswerSchema } from "@/core/search/schemas";
import { TestServer } from "./server";
import { expect, test } from "./test";

const server = new TestServer();
const HOUR_MS = 3_600_000;

const ACCESS = '10.0.0.7 - - [26/Nov/2026:15:00:00 +0000] "GET /api/v1/users?id=3 HTTP/1.1" 500 12 "-" "curl/8.5.0"';
const TRACE = "Error: boom -x order:991\n    at pay (/app/pay.js:3:9)\n    at main (/app/main.js:1:1)";
const JSON_LINE = '{"level":"warn","service":"cache","msg":"cache miss","key":{"id":"a b"},"n":922337203685477507}';

test.beforeAll(async () => {
  await server.start();
  const now = Date.now();
  const entries = [
    { service: "pay", level: "error", message: "card declined by issuer", attributes: { order: 991 } },
    { service: "pay", level: "info", message: "connected to localhost:8080" },
    { service: "web", level: "info", message: ACCESS },
    { service: "web", level: "error", message: TRACE },
    { service: "shop", level: "warning", message: "payment timed out", timestamp: now - 3 * HOUR_MS },
    ...["one", "two", "three"].map((word) => ({ service: "web", level: "info", message: `Error: other ${word}` })),
  ];
  expect((await server.send(JSON.stringify(entries))).status).toBe(201);
  expect((await server.send(JSON_LINE)).status).toBe(201);
});
test.afterAll(() => server.remove());

const bar = (page: Page) => page.getByRole("textbox", { name: "Query" });
const rows = (page: Page) => page.getByRole("list", { name: "Entries" }).getByRole("listitem");

async function open(page: Page, q: string) {
  await page.goto(`${server.url}/logs?q=${encodeURIComponent(q)}`);
}

/** As a person does it: from the clipboard, by keyboard. */
async function paste(page: Page, text: string) {
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.evaluate((copied) => navigator.clipboard.writeText(copied), text);
  await bar(page).focus();
  await page.keyboard.press("Control+a");
  await page.keyboard.press("Control+v");
  await page.keyboard.press("Enter");
}

test("given a word that can be two things, then the page says for which it was taken, and the other is one click away", async ({
  page,
}) => {
  await open(page, "localhost:8080");
  await expect(
    page.getByText("localhost:8080 is taken for the attribute localhost with the value 8080."),
  ).toBeVisible();
  await page.getByRole("button", { name: "Take it for text", exact: true }).click();
  await expect(rows(page)).toHaveText([/connected to localhost:8080/]);
  await expect(bar(page)).toHaveValue('"localhost:8080"');
  await expect(page.getByText("is taken for")).toBeHidden();

  // What is an attribute is known by the values of all that is found, and counting them ends after a second.
  await expect(async () => {
    await open(page, "order:991");
    await expect(page.getByRole("region", { name: "Values" })).toContainText("order", { timeout: 10_000 });
  }).toPass();
  await expect(rows(page)).toHaveText([/card declined by issuer/]);
  await expect(page.getByText("is taken for")).toBeHidden();
});

test("given a search that finds nothing, then the page names the part that matches nothing, and a click leaves it out", async ({
  page,
}) => {
  await open(page, "card declned service:pay");
  await expect(page.getByText("Nothing found in this time.")).toBeVisible();
  await expect(page.getByText("By itself this part finds nothing:")).toBeVisible();
  await expect(page.getByRole("main").getByRole("listitem")).toHaveText(["declned"]);
  await page.getByRole("button", { name: "without declned" }).click();
  await expect(bar(page)).toHaveValue("card service:pay");
  await expect(rows(page)).toHaveText([/card declined by issuer/]);

  await open(page, "declined service:web");
  await expect(page.getByText("finds something by itself, but no entry has all of them")).toBeVisible();
});

test("given entries in another time only, then the page says when, and a click shows them", async ({ page }) => {
  await open(page, '"payment timed out"');
  await expect(page.getByText(/The newest before it is of \d{4}-\d{2}-\d{2}/)).toBeVisible();
  await page.getByRole("button", { name: "Show that time" }).click();
  await expect(page).toHaveURL(/range=6h/);
  await expect(rows(page)).toHaveText([/payment timed out/]);
});

test("given a whole line that is pasted, with quotes, over several lines or of JSON, then it is found", async ({
  page,
}) => {
  await page.goto(`${server.url}/logs`);
  await expect(rows(page)).toHaveCount(8);
  await paste(page, ACCESS);
  await expect(rows(page)).toHaveText([/GET \/api\/v1\/users/]);
  await paste(page, `${TRACE}\n`);
  await expect(bar(page)).toHaveValue(TRACE);
  await expect(rows(page)).toHaveText([/boom/]);
  await expect(page.getByText("All of it is taken for a query, and as a whole for text")).toBeVisible();

  await paste(page, JSON_LINE.replaceAll(/([{,])/g, "$1\n  "));
  await expect(rows(page)).toHaveText([/cache miss/]);
  await expect(page.getByText(/All of it is taken for a line of JSON/)).toBeVisible();
  await page.getByRole("button", { name: "Edit that query" }).click();
  await expect(bar(page)).toHaveValue('"cache miss" level:warning service:cache key.id:"a b" n:922337203685477507');
  await expect(rows(page)).toHaveText([/cache miss/]);
});

test("given a pasted line, when a condition is added to it, then both must hold", async ({ page }) => {
  await open(page, TRACE);
  await rows(page).first().click();
  const drawer = page.getByRole("region", { name: "Entry" });
  await drawer.getByRole("button", { name: "Filter for service web" }).click();
  await expect(bar(page)).toHaveValue(/ service:web\)$/);
  await page.keyboard.press("Escape");
  await expect(rows(page)).toHaveText([/boom/]);
});

test("given what is no query, then the place is marked, and it can be searched for all the same", async ({ page }) => {
  await open(page, "declined (oops");
  await expect(page.getByRole("alert").filter({ hasText: "a ( is not closed, at character 10" })).toBeVisible();
  await page.getByRole("button", { name: "Take it for text" }).click();
  await expect(bar(page)).toHaveValue('"declined (oops"');
  await expect(page.getByText("Nothing found in this time.")).toBeVisible();
});

test("given the API, then its answer says how the query was read, and why nothing was found", async () => {
  const ask = async (parameters: Record<string, string>) => {
    const { status, body } = await server.get(
      `/api/logs?${new URLSearchParams({ attributes: "text", ...parameters })}`,
    );
    expect(status).toBe(200);
    return z.object({ data: searchAnswerSchema }).parse(body).data;
  };
  expect(await ask({ q: "localhost:8080" })).toMatchObject({
    query: "localhost:8080",
    readings: [
      {
        position: 0,
        length: 14,
        taken_as: "the attribute localhost with the value 8080",
        instead: [{ taken_as: "text", query: '"localhost:8080"' }],
      },
    ],
    nothing_found: {
      parts: [{ text: "localhost:8080", finds: false }],
      instead: [{ taken_as: "text", query: '"localhost:8080"' }],
      newest_before: null,
      newest_after: null,
    },
  });
  expect(await ask({ q: "nowhere", explain: "false" })).toMatchObject({ nothing_found: null });
  expect((await ask({ q: JSON_LINE })).entries).toMatchObject([{ message: "cache miss" }]);
  expect((await server.get("/api/logs?explain=maybe")).status).toBe(400);
  const { body } = await server.get("/api/logs?q=%22x");
  expect(body).toMatchObject({ data: { query: { instead: { taken_as: "text", query: '"\\"x"' } } } });
  const { body: histogram } = await server.get(`/api/logs/histogram?q=${encodeURIComponent(ACCESS)}`);
  expect(histogram).toMatchObject({ data: { total_count: 1 } });
});
