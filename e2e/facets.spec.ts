import { violationsOf } from "./axe";
import { TestServer } from "./server";
import { expect, type Page, test } from "./test";

const server = new TestServer();
test.beforeAll(async () => {
  await server.start();
  const now = Date.now();
  const entries = Array.from({ length: 2_000 }, (_, index) => ({
    service: index % 4 === 0 ? "checkout" : "search",
    level: index % 100 === 0 ? "error" : "info",
    message: `request ${index} served`,
    timestamp: now - index * 1_000,
    attributes: { user: `user ${index % 40}`, took_ms: index % 1_000, request: `r-${index}` },
  }));
  expect((await server.send(JSON.stringify(entries))).status).toBe(201);
});
test.afterAll(() => server.remove());

/** Counting ends after a second, which may be too short for a server that has just started: the page says so, and is asked again. */
async function openAll(page: Page, isPhone = false): Promise<void> {
  await expect(async () => {
    await page.goto(`${server.url}/logs?range=6h`);
    if (isPhone) await page.getByRole("button", { name: "Values", exact: true }).click();
    const values = page.getByRole("region", { name: "Values" });
    await expect(values.getByText("Of all 2,000 found")).toBeVisible({ timeout: 10_000 });
  }).toPass({ timeout: 400_000 });
}

test("given values of fields, then one is found by typing and asked for by a click", async ({ page }) => {
  await openAll(page);
  const values = page.getByRole("region", { name: "Values" });
  await expect(values.getByText("Of all 2,000 found")).toBeVisible();
  await expect(values.getByRole("button", { name: "Only service checkout 500 found" })).toBeVisible();
  await values.getByRole("button", { name: "user 40 different values" }).click();
  await values.getByRole("textbox", { name: "Search values of user" }).fill("ER 17");
  await expect(values.getByText("All of them")).toBeVisible();
  await values.getByRole("button", { name: "Only user user 17 50 found" }).click();
  await expect(page.getByText("50 entries")).toBeVisible();
  await expect(page).toHaveURL(/user%3A%22user\+17%22|user:%22user\+17%22|user:%22user%2017%22/);
});

test("given ids, of which nearly each is another, then one is found all the same", async ({ page }) => {
  await openAll(page);
  const values = page.getByRole("region", { name: "Values" });
  await values.getByRole("button", { name: "request many different values" }).click();
  await expect(values.getByText("Each of 2,000 values comes once: search for one")).toBeVisible();
  const search = values.getByRole("textbox", { name: "Search values of request" });
  await search.fill("r-199");
  await expect(values.getByText("All of them")).toBeVisible();
  await expect(values.getByRole("button", { name: /^Only request r-199/ })).toHaveCount(11);
  await search.fill("nobody");
  await expect(values.getByText("No value has this in it")).toBeVisible();
});

for (const [look, colorScheme, viewport] of [
  ["a light page", "light", { width: 1_440, height: 900 }],
  ["a dark phone", "dark", { width: 390, height: 844 }],
] as const) {
  test(`given numbers on ${look}, then a range of them is chosen by the keyboard, and axe-core finds nothing`, async ({
    browser,
  }) => {
    const context = await browser.newContext({ colorScheme, viewport });
    const page = await context.newPage();
    await openAll(page, look === "a dark phone");
    const values = page.getByRole("region", { name: "Values" });
    await values.getByRole("button", { name: /^took_ms/ }).click();
    await expect(values.getByRole("img", { name: "Numbers from 0 to 999" })).toBeVisible();
    const least = values.getByRole("slider", { name: "Least took_ms" });
    await least.focus();
    for (let step = 0; step < 4; step++) await least.press("ArrowRight");
    await values.getByRole("slider", { name: "Greatest took_ms" }).focus();
    for (let step = 0; step < 10; step++) await page.keyboard.press("ArrowLeft");
    await expect(values.getByText("200 to below 500: 600 values")).toBeVisible();
    expect(await violationsOf(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
    await values.getByRole("button", { name: "Only this range of took_ms" }).click();
    await expect(page.getByText("600 entries")).toBeVisible();
    await expect(page.getByRole("textbox", { name: "Query" })).toHaveValue("took_ms>=200 took_ms<500");
    await context.close();
  });
}

test("given parameters of facets that are none, then each is a 400 that says which", async () => {
  for (const [parameters, problem] of [
    ["search=x", "search needs field"],
    ["field=message&search=x", "field must be none of message, timestamp"],
    ["field=", "field"],
    [`field=a&search=${"x".repeat(300)}`, "search"],
  ] as const) {
    const { status, body } = await server.get(`/api/logs/facets?${parameters}`);
    expect(status).toBe(400);
    expect(JSON.stringify(body)).toContain(problem);
  }
  const { body } = await server.get("/api/logs/facets?field=user&search=user%2017");
  expect(body).toMatchObject({
    data: { is_all: true, sampled: 50, fields: [{ name: "user", values: [{ value: "user 17", count: 50 }] }] },
  });
});
