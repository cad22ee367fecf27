import { ADMIN, fromSomewhere, PASSWORD, WITH_ADMIN } from "./accounts";
import { TestServer } from "./server";
import { expect, type Page, test } from "./test";

const server = new TestServer();
test.beforeAll(() => server.start(WITH_ADMIN));
test.afterAll(() => server.remove());

/** Opens a page of which the scripts don't come before what is returned is called. */
async function openWithoutScripts(page: Page, path: string): Promise<() => void> {
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route("**/*.js", async (route) => {
    await released;
    await route.continue();
  });
  await page.goto(`${server.url}${path}`, { waitUntil: "commit" });
  return release;
}

test("given a form that is filled in and sent before the page is alive, then it is sent once it is, and never by the address", async ({
  page,
}) => {
  await page.context().setExtraHTTPHeaders(fromSomewhere());
  const release = await openWithoutScripts(page, "/sign-in");
  await page.getByLabel("E-mail address").fill(ADMIN.email);
  await page.getByRole("textbox", { name: "Password" }).fill(PASSWORD);
  const before = page.url();
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.getByRole("textbox", { name: "Password" }).press("Enter");
  expect(page.url()).toBe(before);
  await expect(page.getByRole("textbox", { name: "Password" })).toHaveValue(PASSWORD);

  release();
  await expect(page.getByRole("navigation", { name: "Pages" })).toBeVisible();
});

test("given clicks on a page that is not alive yet, then each thing is done once, as if it was clicked once", async ({
  page,
}) => {
  await page.context().setExtraHTTPHeaders(fromSomewhere());
  await page.request.post(`${server.url}/api/access/sign-in`, { data: ADMIN });
  const release = await openWithoutScripts(page, "/");
  const menu = page.getByRole("button", { name: /^Times in / });
  await menu.click();
  await menu.click();
  await menu.click();
  await expect(page.getByRole("menuitemradio", { name: "UTC" })).toHaveCount(0);

  release();
  await page.getByRole("menuitemradio", { name: "UTC" }).click();
  await expect(page).toHaveURL(/tz=UTC/);
});

test("given a link on a page that is not alive yet, then it leads where it leads", async ({ page }) => {
  await page.context().setExtraHTTPHeaders(fromSomewhere());
  await page.request.post(`${server.url}/api/access/sign-in`, { data: ADMIN });
  const release = await openWithoutScripts(page, "/");
  await page.getByRole("link", { name: "Logs", exact: true }).click();
  await expect(page).toHaveURL(`${server.url}/logs`);
  release();
  await expect(page.getByRole("heading", { name: "Logs" })).toBeVisible();
});
