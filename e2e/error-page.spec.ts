import pg from "pg";
import { TestServer } from "./server";
import { expect, test } from "./test";

const server = new TestServer();
test.beforeAll(() => server.start());
test.afterAll(() => server.remove());

async function inDatabase(statement: string): Promise<void> {
  const database = new pg.Client({ connectionString: server.databaseUrl() });
  await database.connect();
  try {
    await database.query(statement);
  } finally {
    await database.end();
  }
}

test("given a page that the server can't make, then it says how the server is and where the reason stands, and trying again shows it", async ({
  page,
}) => {
  await inDatabase("alter table logs.alert_silences rename to moved");
  await page.goto(`${server.url}/alerts/silences`);
  const alert = page.getByRole("alert").filter({ has: page.getByRole("heading") });
  await expect(alert.getByRole("heading", { name: "The server could not make this page" })).toBeVisible();
  await expect(alert.getByRole("status")).toHaveText(/It answers now, and reaches its database/);
  const digest = await alert.locator("code").textContent();
  expect(digest).toMatch(/^\d+/);
  expect(server.output).toContain(digest ?? "");

  await page.route("**/readyz", (route) => route.fulfill({ status: 503, json: { status: "not ready" } }));
  await page.getByRole("button", { name: "Load the page anew" }).click();
  await expect(alert.getByRole("status")).toHaveText(/It does not reach its database at the moment/);

  await inDatabase("alter table logs.moved rename to alert_silences");
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByRole("heading", { name: "Silences", exact: true })).toBeVisible();
});

test("given a page whose script fails in the browser, then it does not blame the server, and says what failed", async ({
  page,
}) => {
  await page.addInitScript(() => {
    Object.defineProperty(Intl.NumberFormat.prototype, "format", {
      get() {
        throw new Error("an extension is in the way");
      },
    });
  });
  await page.goto(`${server.url}/jobs`);
  const alert = page.getByRole("alert").filter({ has: page.getByRole("heading") });
  await expect(alert.getByRole("heading", { name: "This page stopped working in the browser" })).toBeVisible();
  await expect(alert).toContainText("Error: an extension is in the way");
  await expect(alert).not.toContainText("database");
});
