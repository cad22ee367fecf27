import { z } from "zod";
import { ADMIN, addUser, fromSomewhere, PASSWORD, signIn, WITH_ADMIN } from "./accounts";
import { TestServer } from "./server";
import { expect, type Page, test } from "./test";

const server = new TestServer();
test.beforeAll(() => server.start(WITH_ADMIN));
test.afterAll(() => server.remove());

async function openAs(page: Page, email: string, path: string): Promise<void> {
  await page.context().setExtraHTTPHeaders(fromSomewhere());
  await page.goto(`${server.url}/sign-in`);
  await page.getByLabel("E-mail address").fill(email);
  await page.getByRole("textbox", { name: "Password" }).fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(
    page
      .getByRole("heading", { level: 1, name: "Waiting for the first log" })
      .or(page.getByRole("heading", { level: 1, name: "Overview" })),
  ).toBeVisible();
  await page.goto(`${server.url}${path}`);
}

const configuration = (page: Page, title: string) => page.getByRole("group", { name: title, exact: true });
const arrivals = (page: Page) => page.getByRole("region", { name: "What arrives" });

test("given the keyboard, then a sender is found and chosen, and stands in the address; going back leads to the one before", async ({
  page,
}) => {
  await openAs(page, ADMIN.email, "/send");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("How do you log?");
  await expect(page.getByRole("region", { name: "curl" })).toBeVisible();
  const find = page.getByRole("combobox", { name: "Find yours" });
  await find.fill("k8s");
  await expect(page.getByRole("option")).toHaveText(["Kubernetes"]);
  await find.press("Enter");
  await expect(page).toHaveURL(/[?&]with=kubernetes/);
  await expect(page.getByRole("region", { name: "Kubernetes" })).toContainText("It can't reach this address");
  await find.fill("fluent");
  await expect(page.getByRole("option").first()).toHaveText("Fluent Bit");
  await find.press("ArrowDown");
  await find.press("Enter");
  await expect(page).toHaveURL(/[?&]with=fluentd/);
  await expect(configuration(page, "On the server, in its environment, before its next start")).toHaveText(
    "CORDWOOD_FORWARD_PORT=24224",
  );
  await page.goBack();
  await expect(page.getByRole("region", { name: "Kubernetes" })).toBeVisible();
  await find.fill("cobol");
  await expect(page.getByText("None of that name")).toBeVisible();
});

test("given an admin, then one click makes a key for what is chosen, and a line that is sent with it shows on the page", async ({
  page,
  context,
}) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await openAs(page, ADMIN.email, "/send?with=fluent-bit&service=pay");
  const file = configuration(page, "fluent-bit.conf");
  await expect(file).toContainText("Header           Authorization Bearer YOUR_KEY");
  await expect(file).toContainText(`Port             ${new URL(server.url).port}`);
  await expect(file).toContainText("/api/logs?service=pay");
  await page.getByRole("button", { name: "Make a key for Fluent Bit" }).click();
  await expect(page.getByText('The key "Fluent Bit" is in the configuration below')).toBeVisible();
  await expect(file).not.toContainText("YOUR_KEY");
  await page.getByRole("button", { name: /^Copy\s+fluent-bit.conf$/ }).click();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  const key = /Bearer (\S+)/.exec(copied)?.[1] ?? "";
  expect(copied).toContain("Format           json_lines");

  await expect(arrivals(page).getByText("Live", { exact: true })).toBeVisible();
  await expect(arrivals(page)).toContainText("Waiting for the first line of pay");
  const send = (service: string) =>
    server.send(
      JSON.stringify({ message: `of ${service}` }),
      { authorization: `Bearer ${key}` },
      `/api/logs?service=${service}`,
    );
  expect((await send("other")).status).toBe(201);
  expect((await send("pay")).status).toBe(201);
  await expect(arrivals(page)).toContainText("1 line since you began to wait for them here");
  await expect(arrivals(page).getByRole("row")).toHaveCount(2);
  await expect(arrivals(page).getByRole("row").nth(1)).toContainText("of pay");
  await arrivals(page).getByRole("checkbox").uncheck();
  await expect(arrivals(page)).toContainText("Waiting for the first line.");
  // What is sent before it listens to the others is not shown.
  await expect(async () => {
    expect((await send("other")).status).toBe(201);
    await expect(arrivals(page).getByRole("row").nth(1)).toContainText("of other", { timeout: 3_000 });
  }).toPass();

  // Another sender gets a key of its own, and this one has not lost its own.
  await page.getByRole("option", { name: "Vector" }).click();
  await expect(configuration(page, "vector.yaml")).toContainText("token: YOUR_KEY");
  await page.getByRole("option", { name: "Fluent Bit" }).click();
  await expect(file).toContainText(key);
  const answer = await page.request.get(`${server.url}/api/access/keys`);
  const { data } = z
    .object({ data: z.array(z.object({ name: z.string(), scopes: z.array(z.string()) })) })
    .parse(await answer.json());
  expect(data).toEqual([{ name: "Fluent Bit", scopes: ["ingest"] }]);
});

test("given somebody who can't make keys, then it says whom to ask", async ({ page }) => {
  await addUser(server, await signIn(server, ADMIN.email), "viewer@example.com", "viewer");
  await openAs(page, "viewer@example.com", "/send?with=node-pino");
  await expect(page.getByRole("button", { name: /Make a key/ })).toHaveCount(0);
  await expect(page.getByRole("link", { name: ADMIN.email })).toHaveAttribute("href", `mailto:${ADMIN.email}`);
  await expect(configuration(page, "JavaScript")).toContainText('password: "YOUR_KEY"');
});

test("given a service that can't stand in every configuration, then it is refused where it is typed, and in the address", async ({
  page,
}) => {
  await openAs(page, ADMIN.email, '/send?service="%3B rm -rf');
  await expect(configuration(page, "In a shell")).toContainText('"service":"shop"');
  const service = page.getByRole("textbox", { name: "Service" });
  await service.fill("a b");
  await service.press("Enter");
  await expect(page.getByText("letters, digits, dots")).toBeVisible();
  await service.fill("pay-2");
  await service.press("Enter");
  await expect(configuration(page, "In a shell")).toContainText('"service":"pay-2"');
  await expect(page).toHaveURL(/service=pay-2/);
});

test("given a phone in dark colours, then everything fits its width", async ({ browser }) => {
  const context = await browser.newContext({ colorScheme: "dark", viewport: { width: 375, height: 800 } });
  const page = await context.newPage();
  await openAs(page, ADMIN.email, "/send?with=java-logback");
  await expect(configuration(page, "logback.xml")).toBeVisible();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(375);
  await context.close();
});
