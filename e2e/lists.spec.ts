import type { Page } from "@playwright/test";
import { ADMIN, addKey, post, signIn, WITH_ADMIN } from "./accounts";
import { violationsOf } from "./axe";
import { TestServer } from "./server";
import { expect, test } from "./test";

const server = new TestServer();
let admin = "";
test.afterAll(() => server.remove());

const COUNT = 60;
const names = (of: string) => Array.from({ length: COUNT }, (_, at) => `${of} ${String(at).padStart(2, "0")}`);

test.beforeAll(async () => {
  await server.start(WITH_ADMIN);
  admin = await signIn(server, ADMIN.email);
  const headers = { cookie: admin };
  const thresholds = { error_threshold_per_min: 5, warning_threshold_per_min: 5 };
  for (const name of names("made")) {
    await addKey(server, admin, { name, scopes: ["ingest"] });
    const alert = await post(server, "/api/logs/alerts/config", { service: name, ...thresholds }, headers);
    expect(alert.status, alert.body).toBe(201);
    const view = await post(server, "/api/logs/views", { name, query: `"${name}"`, range: "1h" }, headers);
    expect(view.status, view.body).toBe(201);
  }
});

test.beforeEach(async ({ context }) => {
  const [name = "", ...value] = admin.split("=");
  await context.addCookies([{ name, value: value.join("="), url: server.url }]);
});

const rowsOf = (page: Page, table: string) => page.getByRole("table", { name: table }).getByRole("row");

test("given more keys than a page has, then the others are on further pages and found by name, and the address keeps where one is", async ({
  page,
}) => {
  await page.goto(`${server.url}/settings/keys`);
  await expect(page.getByText("60 keys")).toBeVisible();
  await expect(rowsOf(page, "Keys")).toHaveCount(51);
  await page.getByRole("button", { name: "page 2 of keys" }).click();
  await expect(rowsOf(page, "Keys")).toHaveCount(11);
  await expect(rowsOf(page, "Keys").nth(10)).toContainText("made 00");
  expect(await violationsOf(page)).toEqual([]);
  await page.reload();
  await expect(rowsOf(page, "Keys")).toHaveCount(11);

  await page.getByRole("textbox", { name: "Search keys" }).fill("MADE 4");
  await expect(page.getByText("10 keys")).toBeVisible();
  await expect(rowsOf(page, "Keys")).toHaveCount(11);
  await rowsOf(page, "Keys").nth(1).getByRole("button", { name: "Revoke" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Revoke" }).click();
  await expect(rowsOf(page, "Keys").nth(1)).toContainText("revoked");

  // Who empties the search keeps the place to type in.
  const search = page.getByRole("textbox", { name: "Search keys" });
  await search.press("ControlOrMeta+a");
  await search.press("Backspace");
  await expect(page.getByText("60 keys")).toBeVisible();
  await expect(search).toBeFocused();
  await search.fill("of nobody");
  await expect(page.getByText("No key has this in a name or maker.")).toBeVisible();
  // A page that there is no more leads to the last one.
  await page.goto(`${server.url}/settings/keys?page=9`);
  await expect(rowsOf(page, "Keys")).toHaveCount(11);
  await expect(page).toHaveURL(/page=2/);
});

test("given more alerts than a page has, then each list of the page has pages of its own", async ({ page }) => {
  await page.goto(`${server.url}/alerts`);
  await expect(page.getByText("60 watched services")).toBeVisible();
  await expect(rowsOf(page, "Watched services")).toHaveCount(51);
  await page.getByRole("button", { name: "page 2 of watched services" }).click();
  await expect(rowsOf(page, "Watched services")).toHaveCount(11);
  await expect(page).toHaveURL(/watchedPage=2/);
  await page.getByRole("textbox", { name: "Search watched services" }).fill("made 33");
  await expect(rowsOf(page, "Watched services")).toHaveCount(2);
  await expect(page).not.toHaveURL(/watchedPage/);
  const on = page.getByRole("switch", { name: "Alert for made 33 is on" });
  await on.press("Space");
  await expect(on).not.toBeChecked();
  await page.reload();
  await expect(on).not.toBeChecked();
  expect(await violationsOf(page)).toEqual([]);
});

test("given more views than the menu has, then the others are found in a dialog, on a phone too", async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 800 });
  await page.goto(`${server.url}/logs`);
  await page.getByRole("button", { name: "More" }).click();
  await page.getByRole("button", { name: "Views" }).click();
  await page.getByRole("menuitem", { name: "All 60 views" }).click();
  const dialog = page.getByRole("dialog", { name: "Saved views" });
  await dialog.getByRole("textbox", { name: "Search views" }).fill("made 57");
  await expect(dialog.getByText("1 view", { exact: true })).toBeVisible();
  expect(await violationsOf(page)).toEqual([]);
  await dialog.getByRole("button", { name: "made 57", exact: true }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByRole("textbox", { name: "Query" })).toHaveValue('"made 57"');
});
