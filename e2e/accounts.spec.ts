import { z } from "zod";
import { ADMIN, addKey, addUser, fromSomewhere, PASSWORD, signIn, WITH_ADMIN } from "./accounts";
import { ask } from "./ask";
import { TestServer } from "./server";
import { expect, type Page, test } from "./test";

async function fillSignIn(page: Page, email: string, password: string): Promise<void> {
  await page.getByLabel("E-mail address").fill(email);
  await page.getByRole("textbox", { name: "Password" }).fill(password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
}

async function signInAs(page: Page, server: TestServer, email: string): Promise<void> {
  await page.context().setExtraHTTPHeaders(fromSomewhere());
  await page.goto(`${server.url}/sign-in`);
  await fillSignIn(page, email, PASSWORD);
  await expect(page.getByRole("navigation", { name: "Pages" })).toBeVisible();
}

async function openAccountMenu(page: Page, name: string): Promise<void> {
  await page.getByRole("button", { name }).click();
  await expect(page.getByRole("menuitem", { name: "Your account" })).toBeVisible();
}

test("given a new Cordwood, then it is open, says so, and the first account closes it", async ({ page, browser }) => {
  const server = new TestServer();
  try {
    await server.start();
    await page.goto(server.url);
    await expect(page.getByRole("note")).toContainText("There is no account yet");
    await expect(page.getByText("curl -X POST")).not.toContainText("Authorization");
    await page.getByRole("link", { name: "Create the first account" }).click();
    await page.getByRole("button", { name: "Create the account" }).click();
    await expect(page.getByText("must be an e-mail address")).toBeVisible();
    await page.getByLabel("Your name").fill("First Admin");
    await page.getByLabel("E-mail address").fill("Admin@Example.com");
    await page.getByRole("textbox", { name: "Password" }).fill("short");
    await page.getByRole("button", { name: "Create the account" }).click();
    await expect(page.getByText("must have at least 8 characters")).toBeVisible();
    await page.getByRole("textbox", { name: "Password" }).fill(PASSWORD);
    await page.getByRole("button", { name: "Create the account" }).click();

    await expect(page.getByRole("button", { name: "First Admin" })).toBeVisible();
    await expect(page.getByRole("note")).toHaveCount(0);
    await expect(page.getByText("curl -X POST")).toContainText("Authorization: Bearer YOUR_KEY");
    const stranger = await (await browser.newContext()).newPage();
    await stranger.goto(`${server.url}/logs?q=level%3Aerror`);
    await expect(stranger).toHaveURL(`${server.url}/sign-in?next=%2Flogs%3Fq%3Dlevel%253Aerror`);
    await expect(stranger.getByRole("navigation", { name: "Pages" })).toHaveCount(0);
    await fillSignIn(stranger, "admin@example.com", "not the password");
    await expect(stranger.getByText("invalid email or password", { exact: true })).toBeVisible();
    await fillSignIn(stranger, "admin@example.com", PASSWORD);
    await expect(stranger).toHaveURL(
      ({ pathname, searchParams }) => pathname === "/logs" && searchParams.get("q") === "level:error",
    );
    await expect(stranger.getByRole("heading", { name: "Logs" })).toBeVisible();
    await stranger.close();
  } finally {
    await server.remove();
  }
});

const server = new TestServer();
test.beforeAll(() => server.start(WITH_ADMIN));
test.afterAll(() => server.remove());

test("given an admin, when somebody is invited, then the link makes a viewer, who reads and changes nothing, until the role is another", async ({
  page,
  browser,
}) => {
  await signInAs(page, server, ADMIN.email);
  await page.getByRole("link", { name: "Settings" }).click();
  await page.getByLabel("E-mail address").fill("invited@example.com");
  await page.getByRole("button", { name: "Invite" }).click();
  const told = page.getByRole("status").filter({ hasText: "A link for invited@example.com" });
  const link = await told.getByText(/\/join#/).textContent();
  await expect(page.getByRole("region", { name: "Invitations" }).getByRole("row")).toHaveCount(2);

  const guest = await (await browser.newContext()).newPage();
  await guest.goto(link ?? "");
  await guest.getByLabel("Your name").fill("Somebody Invited");
  await guest.getByRole("textbox", { name: "Password" }).fill(PASSWORD);
  await guest.getByRole("button", { name: "Create my account" }).click();
  await expect(guest.getByRole("button", { name: "Somebody Invited" })).toBeVisible();
  await expect(guest.getByRole("link", { name: "Settings" })).toHaveCount(0);
  await guest.goto(`${server.url}/settings`);
  await expect(guest.getByRole("heading", { name: "Not for your role" })).toBeVisible();
  await guest.goto(`${server.url}/alerts`);
  await expect(guest.getByRole("heading", { name: "Alerts" })).toBeVisible();
  await expect(guest.getByRole("link", { name: "New alert", exact: true })).toHaveCount(0);

  await page.reload();
  await expect(page.getByRole("region", { name: "Invitations" })).toContainText("None is open.");
  await page.getByRole("combobox", { name: "Role of invited@example.com" }).click();
  await page.getByRole("option", { name: "editor" }).click();
  await expect(async () => {
    await guest.reload();
    await expect(guest.getByRole("link", { name: "New alert", exact: true })).toBeVisible({ timeout: 1_000 });
  }).toPass();

  // A used link says what to do.
  const late = await (await browser.newContext()).newPage();
  await late.goto(link ?? "");
  await late.getByLabel("Your name").fill("Somebody Else");
  await late.getByRole("textbox", { name: "Password" }).fill(PASSWORD);
  await late.getByRole("button", { name: "Create my account" }).click();
  await expect(late.getByText("token is used up or expired: ask for another invitation")).toBeVisible();

  // The session of one who is removed ends with the account, in the middle of a page.
  await guest.goto(`${server.url}/jobs`);
  await page
    .getByRole("row", { name: /invited@example.com/ })
    .getByRole("button", { name: "Remove" })
    .click();
  await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
  await expect(page.getByRole("row", { name: /invited@example.com/ })).toHaveCount(0);
  // With the zone in which its times were shown.
  await expect(guest).toHaveURL(/\/sign-in\?next=%2Fjobs(%3Ftz%3D|$)/);
});

test("given a key made in the browser, then it is shown once, ingests, shows its use, and is refused once revoked", async ({
  page,
}) => {
  await signInAs(page, server, ADMIN.email);
  await page.goto(`${server.url}/settings/keys`);
  await expect(page.getByText("There are none.")).toBeVisible();
  await page.getByLabel("Name").fill("the shipper of shop");
  const services = page.getByRole("combobox", { name: "Only these services" });
  await services.fill("x".repeat(201));
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Create key" }).click();
  const problem = page.locator(".mantine-InputWrapper-error", { hasText: "must have at most 200 characters" });
  await expect(problem).toBeVisible();
  await services.press("Backspace");
  await expect(problem).toBeHidden();
  await services.fill("shop");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Create key" }).click();
  const told = page.getByRole("status").filter({ hasText: "The key the shipper of shop" });
  const key = await told.getByText(/^cw_/).textContent();
  const row = page.getByRole("region", { name: "Keys" }).getByRole("row", { name: /the shipper of shop/ });
  await expect(row).toContainText("only shop");
  await expect(row).toContainText("never");

  const send = async (service: string) =>
    ask(server.url, "/api/logs", {
      method: "POST",
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      body: JSON.stringify({ service, message: "m" }),
    });
  expect((await send("shop")).status).toBe(201);
  expect((await send("other")).status).toBe(400);
  await page.reload();
  await expect(page.getByText(key ?? "")).toHaveCount(0);
  await expect(row.getByRole("cell").nth(3)).not.toHaveText("never");

  await row.getByRole("button", { name: "Revoke" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Revoke" }).click();
  await expect(row).toContainText("revoked");
  await expect.poll(async () => (await send("shop")).status, { timeout: 5_000 }).toBe(401);
});

test("given one's own account, then the password can be changed, which ends every other session, and one can sign out", async ({
  page,
}) => {
  const admin = await signIn(server, ADMIN.email);
  const elsewhere = await addUser(server, admin, "reader@example.com", "viewer");
  await signInAs(page, server, "reader@example.com");
  await openAccountMenu(page, "reader");
  await page.getByRole("menuitem", { name: "Your account" }).click();
  await expect(page.getByRole("region", { name: "Where you are signed in" }).getByRole("row")).toHaveCount(3);
  await page.getByLabel("Current password").fill("not it at all");
  await page.getByLabel("New password").fill("another horse");
  await page.getByRole("button", { name: "Change password" }).click();
  await expect(page.getByText("is not your password").first()).toBeVisible();
  await page.getByLabel("Current password").fill(PASSWORD);
  await page.getByRole("button", { name: "Change password" }).click();
  await expect(page.getByText("It is changed")).toBeVisible();
  await expect(page.getByRole("region", { name: "Where you are signed in" }).getByRole("row")).toHaveCount(2);
  expect((await ask(server.url, "/api/logs", { headers: { cookie: elsewhere } })).status).toBe(401);

  await openAccountMenu(page, "reader");
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
  await page.goto(server.url);
  await expect(page).toHaveURL(`${server.url}/sign-in`);
});

test("given a forgotten password and no mail server, then an admin's link sets another", async ({ page, browser }) => {
  await signInAs(page, server, ADMIN.email);
  await page.goto(`${server.url}/settings`);
  const row = page.getByRole("row", { name: /reader@example.com/ });
  await row.getByRole("button", { name: "Password link" }).click();
  await page.getByRole("button", { name: "Make the link" }).click();
  const link = await page.getByText(/\/new-password#/).textContent();

  const other = await (await browser.newContext({ extraHTTPHeaders: fromSomewhere() })).newPage();
  await other.goto(link ?? "");
  await other.getByLabel("New password").fill("a third horse");
  await other.getByRole("button", { name: "Set the password" }).click();
  await expect(other.getByRole("status")).toContainText("It is set");
  await other.getByRole("link", { name: "Sign in" }).click();
  await fillSignIn(other, "reader@example.com", "a third horse");
  await expect(other.getByRole("button", { name: "reader" })).toBeVisible();
});

test("given masking in Settings, then a wrong expression says why, and what is sent from then on is masked and counted", async ({
  page,
}) => {
  const { key } = await addKey(server, await signIn(server, ADMIN.email), { scopes: ["ingest", "read"] });
  const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
  await signInAs(page, server, ADMIN.email);
  await page.goto(`${server.url}/settings/masking`);
  await page.getByRole("checkbox", { name: "E-mail addresses" }).check();
  await page.getByRole("button", { name: "Add one" }).click();
  await page.getByLabel("Regular expression 1", { exact: true }).fill("order-(");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("is no regular expression of RE2")).toBeVisible();
  await page.getByLabel("Regular expression 1", { exact: true }).fill("order-\\d+");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("status")).toContainText("it holds for entries from now on");

  const body = JSON.stringify({
    service: "masked",
    message: "order-17 of admin@example.com",
    attributes: { to: "a@b.example" },
  });
  expect((await ask(server.url, "/api/logs", { method: "POST", headers, body })).status).toBe(201);
  const found = await ask(server.url, "/api/logs?service=masked", { headers });
  expect(found.body).toContain('"message":"[masked] of [masked]"');
  expect(found.body).not.toContain("b.example");
  await expect(page.getByRole("row", { name: "masked 3" })).toBeVisible();
});

test("given two who have the same settings open, then a page follows while nothing is typed, and who saves last undoes nothing", async ({
  page,
}) => {
  const cookie = await signIn(server, ADMIN.email);
  const put = (body: unknown) =>
    ask(server.url, "/api/settings/masking", {
      method: "PUT",
      body: JSON.stringify(body),
      headers: { cookie, "content-type": "application/json" },
    });
  expect((await put({ cards: false, tokens: false })).status).toBe(200);
  await signInAs(page, server, ADMIN.email);
  await page.goto(`${server.url}/settings/masking`);
  const cards = page.getByRole("checkbox", { name: "Card numbers" });
  const tokens = page.getByRole("checkbox", { name: "Tokens" });
  await expect(cards).not.toBeChecked();
  expect((await put({ cards: true })).status).toBe(200);
  await expect(cards).toBeChecked();

  await tokens.check();
  expect((await put({ cards: true, expressions: ["theirs"] })).status).toBe(200);
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "Somebody else has changed it" })).toBeVisible();
  await page.getByRole("button", { name: "Show what is there now" }).click();
  await expect(page.getByLabel("Regular expression 1", { exact: true })).toHaveValue("theirs");
  await expect(tokens).not.toBeChecked();
  await tokens.check();
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("status")).toContainText("it holds for entries from now on");

  await page.getByRole("link", { name: "Health" }).click();
  await expect(page.getByLabel("Errors for Error", { exact: true })).toBeVisible();
  await page.goBack();
  await expect(tokens).toBeChecked();
  await expect(page.getByLabel("Regular expression 1", { exact: true })).toHaveValue("theirs");

  // What is put back and what is taken out are two things.
  await tokens.uncheck();
  await tokens.check();
  await page.getByRole("button", { name: "Remove regular expression 1" }).click();
  const read = page.waitForResponse(
    (answer) => answer.url().endsWith("/masking") && answer.request().method() === "GET",
  );
  expect((await put({ expressions: ["theirs", "again"] })).status).toBe(200);
  await read;
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("button", { name: "Show what is there now" }).click();
  await expect(page.getByLabel("Regular expression 2", { exact: true })).toHaveValue("again");

  await page.getByLabel("Regular expression 1", { exact: true }).fill("");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "Not saved: 1 field is not right." })).toBeVisible();
  await expect(page.getByLabel("Regular expression 1", { exact: true })).toBeFocused();
  expect((await put({})).status).toBe(200);
});

test("given a session that ends while something is typed, then it is still there after signing in in another tab", async ({
  page,
}) => {
  await signInAs(page, server, ADMIN.email);
  await page.goto(`${server.url}/settings/health`);
  const least = page.getByLabel("Shares count from so many entries on");
  await least.fill("77");
  await page.context().clearCookies();
  const bar = page.getByRole("alert").filter({ hasText: "You are signed out" });
  await expect(bar).toBeVisible();
  await expect(least).toHaveValue("77");
  const opening = page.context().waitForEvent("page");
  await bar.getByRole("link").click();
  const other = await opening;
  await fillSignIn(other, ADMIN.email, ADMIN.password);
  await expect(other.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(bar).toBeHidden();
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("status").filter({ hasText: "Saved" })).toBeVisible();
});

test("given another retention in Settings, then it says what that removes, and older entries are refused from then on", async ({
  page,
}) => {
  const { key } = await addKey(server, await signIn(server, ADMIN.email), { scopes: ["ingest"] });
  const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
  const timestamp = new Date(Date.now() - 10 * 24 * 3_600_000).toISOString();
  const body = JSON.stringify({ service: "old", message: "m", timestamp });
  const send = async () => (await ask(server.url, "/api/logs", { method: "POST", headers, body })).status;
  expect(await send()).toBe(201);
  await signInAs(page, server, ADMIN.email);
  await page.goto(`${server.url}/settings/retention`);
  await page.getByLabel("Days", { exact: true }).fill("7");
  await expect(page.getByRole("status").first()).toContainText("Saved, the next run removes 1 entry: info of old");
  await page.getByRole("button", { name: "Save" }).click();

  await expect(page.getByText("are kept for 7 days")).toBeVisible();
  expect(await send()).toBe(400);
});

test("given what was done, then the audit log has it, can be filtered by URL, and be exported", async ({ page }) => {
  const cookie = await signIn(server, ADMIN.email);
  const change = (method: string, path: string, body?: string) =>
    ask(server.url, path, { method, body, headers: { cookie, "content-type": "application/json" } });
  const { id } = await addKey(server, cookie, { name: "a key that goes", scopes: ["read"] });
  expect((await change("DELETE", `/api/access/keys?id=${id}`)).status).toBe(200);
  await addUser(server, cookie, "removed@example.com", "viewer");
  const users = z.object({ data: z.array(z.object({ id: z.string(), email: z.string() })) });
  const { data } = users.parse(JSON.parse((await change("GET", "/api/access/users")).body));
  const removed = data.find(({ email }) => email === "removed@example.com")?.id;
  expect((await change("PUT", `/api/access/users?id=${removed}`, '{"role":"editor"}')).status).toBe(200);
  expect((await change("DELETE", `/api/access/users?id=${removed}`)).status).toBe(200);
  await signInAs(page, server, ADMIN.email);
  await page.goto(`${server.url}/settings/audit`);
  const rows = page.getByRole("region", { name: "Audit log" }).getByRole("row");
  await expect(rows.nth(1)).toContainText("session.sign_in");
  await expect(rows.filter({ hasText: "key.revoke" }).first()).toContainText("a key that goes");
  await page.getByLabel("Who or what").fill("removed@");
  await expect(page).toHaveURL(/text=removed%40|text=removed@/);
  await expect(rows.filter({ hasText: "key.revoke" })).toHaveCount(0);
  await expect(rows.filter({ hasText: "user.remove" })).toHaveCount(1);
  await expect(rows.filter({ hasText: "user.change_role" })).toContainText("before: viewer, role: editor");

  const downloading = page.waitForEvent("download");
  await page.getByRole("link", { name: "Export" }).click();
  expect((await downloading).suggestedFilename()).toMatch(/^cordwood-audit-\d{4}-\d\d-\d\d\.ndjson$/);
});
