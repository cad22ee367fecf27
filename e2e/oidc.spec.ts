import http from "node:http";
import type net from "node:net";
import Provider from "oidc-provider";
import pg from "pg";
import { freePort } from "@/core/testing/free-port";
import { ADMIN, fromSomewhere, post, signIn, WITH_ADMIN } from "./accounts";
import { ask } from "./ask";
import { TestServer } from "./server";
import { expect, type Page, test } from "./test";

const CLIENT = { OIDC_CLIENT_ID: "cordwood", OIDC_CLIENT_SECRET: "a-secret-of-the-client-only" };

/** Before the name: the provider has not verified the address. */
const UNVERIFIED = "unverified ";

const server = new TestServer();
const site = http.createServer();

function listen(listener: net.Server): Promise<number> {
  return new Promise((resolve) => {
    listener.listen(0, "127.0.0.1", () => {
      const address = listener.address();
      resolve(address && typeof address === "object" ? address.port : 0);
    });
  });
}

/** A real provider, whose sign-in page takes any name, which is the e-mail address too. */
test.beforeAll(async () => {
  const issuer = `http://127.0.0.1:${await listen(site)}`;
  const port = await freePort();
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: CLIENT.OIDC_CLIENT_ID,
        client_secret: CLIENT.OIDC_CLIENT_SECRET,
        redirect_uris: [`http://127.0.0.1:${port}/api/access/oidc/callback`],
        token_endpoint_auth_method: "client_secret_post",
      },
    ],
    claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"] },
    findAccount: (_context, id) => ({
      accountId: id,
      claims: () => ({
        sub: `subject of ${id}`,
        email: id.replace(UNVERIFIED, ""),
        email_verified: !id.startsWith(UNVERIFIED),
        name: id.split("@")[0],
      }),
    }),
    conformIdTokenClaims: false,
    pkce: { required: () => true },
  });
  site.on("request", provider.callback());
  await server.start({
    ...WITH_ADMIN,
    ...CLIENT,
    PORT: String(port),
    OIDC_ISSUER_URL: issuer,
    OIDC_NAME: "Sign in with Example",
  });
});
test.afterAll(async () => {
  await server.remove();
  site.closeAllConnections();
  site.close();
});

async function comeAs(page: Page, email: string, path = "/"): Promise<void> {
  await page.context().setExtraHTTPHeaders(fromSomewhere());
  await page.goto(`${server.url}${path}`);
  await page.getByRole("button", { name: "Sign in with Example" }).click();
  await page.getByPlaceholder("Enter any login").fill(email);
  await page.getByPlaceholder("and password").fill("any");
  await page.getByRole("button", { name: "Sign-in" }).click();
  await page.getByRole("button", { name: "Continue" }).click();
}

test("given somebody who was invited, then the provider's word is enough, and the role is the invitation's", async ({
  page,
}) => {
  const cookie = await signIn(server, ADMIN.email);
  const invitation = { email: "invited@example.com", role: "editor" };
  expect((await post(server, "/api/access/invitations", invitation, { cookie })).status).toBe(201);

  await comeAs(page, "invited@example.com", "/alerts");

  await expect(page).toHaveURL(({ origin, pathname }) => origin === server.url && pathname === "/alerts");
  await expect(page.getByRole("button", { name: "invited" })).toBeVisible();
  await expect(page.getByRole("link", { name: "New alert", exact: true })).toBeVisible();
  await page.goto(`${server.url}/settings`);
  await expect(page.getByRole("heading", { name: "Not for your role" })).toBeVisible();
});

test("given somebody who has an account, then it is the same one", async ({ page }) => {
  await comeAs(page, ADMIN.email);

  await expect(page).toHaveURL(({ origin, pathname }) => origin === server.url && pathname === "/");
  await page.goto(`${server.url}/settings`);
  await expect(page.getByRole("region", { name: "Users" }).getByRole("row", { name: /admin@example.com/ })).toHaveCount(
    1,
  );
});

for (const [who, login] of [
  ["a stranger", "stranger@example.com"],
  ["one who was invited, and whose address the provider has not verified", `${UNVERIFIED}unverified@example.com`],
  ["one who says to be an admin, at an address that the provider has not verified", UNVERIFIED + ADMIN.email],
] as const) {
  test(`given ${who}, then there is no way in, and no account and no link to one is left behind`, async ({ page }) => {
    const cookie = await signIn(server, ADMIN.email);
    const users = async () => (await ask(server.url, "/api/access/users", { headers: { cookie } })).body;
    const invitation = { email: "unverified@example.com", role: "admin" };
    expect((await post(server, "/api/access/invitations", invitation, { cookie })).status).toBe(201);
    const before = await users();

    for (let attempt = 0; attempt < 2; attempt++) {
      await page.context().clearCookies();
      await comeAs(page, login);
      await expect(page).toHaveURL(/\/sign-in/);
      await expect(page.getByText("That account may not sign in here")).toBeVisible();
      await page.goto(`${server.url}/logs`);
      await expect(page).toHaveURL(/\/sign-in/);
    }

    expect(await users()).toBe(before);
  });
}

test("given an answer that nobody asked for, then it opens no session", async ({ page }) => {
  await page.context().setExtraHTTPHeaders(fromSomewhere());
  for (const query of ["", "?code=made-up", "?code=made-up&state=made-up", "?error=access_denied"]) {
    const response = await page.goto(`${server.url}/api/access/oidc/callback${query}`);
    expect(response?.status(), query).toBeLessThan(500);
    if (query.includes("made-up&state") || query.includes("error")) {
      await expect(page.getByText("The sign-in was not finished")).toBeVisible();
    }
    await page.goto(server.url);
    await expect(page).toHaveURL(`${server.url}/sign-in`);
  }
});

test("given somebody who came twice by the provider, then its identity tokens are not kept, and other tokens are sealed", async ({
  browser,
}) => {
  for (let time = 0; time < 2; time++) {
    const page = await (await browser.newContext()).newPage();
    await comeAs(page, ADMIN.email);
    await expect(page.getByRole("navigation", { name: "Pages" })).toBeVisible();
  }
  const client = new pg.Client({ connectionString: server.databaseUrl() });
  await client.connect();
  const { rows } = await client.query(
    "select id_token, access_token from logs.accounts where provider_id <> 'credential'",
  );
  await client.end();
  expect(rows.length).toBeGreaterThan(0);
  for (const { id_token, access_token } of rows) {
    expect(id_token).toBeNull();
    expect(access_token).not.toMatch(/^[A-Za-z0-9_-]{43}$/);
  }
});
