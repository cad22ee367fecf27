import { ADMIN, post } from "./accounts";
import { ask } from "./ask";
import { isStream, LEADING_PAGES, PAGES, PROBES, pathOf, ROUTES } from "./routes";
import { TestServer } from "./server";
import { expect, test } from "./test";

const server = new TestServer();

test.afterEach(() => server.end("SIGTERM"));
test.afterAll(() => server.remove());

const JSON_TYPE = { "content-type": "application/json" };

/** Every request of the tables that is not a probe's. */
const REQUESTS = [
  ...ROUTES.filter(([, path]) => !PROBES.includes(path)).map(([method, path, , , body]) => ({ method, path, body })),
  ...[...PAGES.map(([path]) => path), ...LEADING_PAGES].map((path) => ({ method: "GET", path, body: undefined })),
];

async function statuses(headers: Record<string, string>): Promise<Map<number, string[]>> {
  const found = new Map<number, string[]>();
  for (const { method, path, body } of REQUESTS) {
    const options = { method, body, headers: { ...JSON_TYPE, ...headers }, isStream: isStream(path) };
    const { status } = await ask(server.url, pathOf(path), options);
    found.set(status, [...(found.get(status) ?? []), `${method} ${path}`]);
  }
  return found;
}

test("given no account and the default address, then the machine itself needs no ceremony", async () => {
  await server.start();
  for (const [method, path, need, allowed, body] of ROUTES) {
    if (path.startsWith("/api/access/")) continue;
    const options = { method, body, headers: JSON_TYPE, isStream: isStream(path) };
    const { status } = await ask(server.url, pathOf(path), options);
    expect(status, `${method} ${path}`).toBe(need === "account" ? 403 : allowed);
  }
  for (const host of ["127.0.0.1", "localhost", "LOCALHOST", "127.1.2.3", "[::1]", "cordwood.localhost"]) {
    expect((await ask(server.url, "/api/logs", { headers: { host: `${host}:3000` } })).status, host).toBe(200);
  }
});

test("given what Docker's driver and Datadog's agent have in the place of a key, then what they send is taken", async () => {
  await server.start();
  const hec = { method: "POST", headers: { authorization: "Splunk none" }, body: '{"event":"by docker"}' };
  const datadog = { ...JSON_TYPE, "dd-api-key": "none" };
  const logs = { method: "POST", headers: datadog, body: '[{"message":"by the agent"}]' };

  expect((await ask(server.url, "/services/collector/event/1.0", hec)).status).toBe(200);
  expect((await ask(server.url, "/api/v2/logs", logs)).status).toBe(202);
  expect((await ask(server.url, "/api/v1/validate", { headers: datadog })).status).toBe(200);
  expect((await ask(server.url, "/api/v1/validate?dd-api-key=none")).status).toBe(200);
});

test("given a Host header that is not the machine's (DNS rebinding), then every route and page refuses", async () => {
  await server.start();
  expect([...(await statuses({ host: "evil.example" })).keys()]).toEqual([403]);
  for (const host of [
    "evil.example:3000",
    "127.0.0.1.evil.example",
    "localhost.evil.example",
    "0x7f.1.evil",
    "10.0.0.1",
    "@",
  ]) {
    expect((await ask(server.url, "/api/logs", { headers: { host } })).status, host).toBe(403);
  }
  expect((await ask(server.url, "http://evil.example/api/logs")).status).toBe(403);
  for (const path of PROBES) {
    expect((await ask(server.url, path, { headers: { host: "10.1.2.3" } })).status).toBe(200);
  }
});

test("given a header that a proxy adds, then every route and page refuses", async () => {
  await server.start();
  expect([...(await statuses({ "x-forwarded-for": "192.0.2.1" })).keys()]).toEqual([403]);
  for (const name of ["forwarded", "x-forwarded-host", "x-forwarded-proto", "X-Forwarded-Anything", "x-real-ip"]) {
    expect((await ask(server.url, "/api/logs", { headers: { [name]: "127.0.0.1" } })).status, name).toBe(403);
  }
});

test("given a page of another origin, then it changes nothing on the machine", async () => {
  await server.start();
  const entry = '{"service":"forged","message":"m"}';
  for (const origin of ["https://evil.example", "null", "http://localhost:1", "http://127.0.0.1"]) {
    const headers = { origin, "content-type": "text/plain" };
    expect((await ask(server.url, "/api/logs", { method: "POST", headers, body: entry })).status, origin).toBe(403);
  }
  const own = { ...JSON_TYPE, origin: server.url, "sec-fetch-site": "same-origin" };
  expect((await ask(server.url, "/api/logs", { method: "POST", headers: own, body: entry })).status).toBe(201);
});

test("given the note about accounts put away, then it stays away for the browser, until the server listens elsewhere", async ({
  page,
}) => {
  await server.start();
  await page.goto(server.url);
  const note = page.getByRole("note").filter({ hasText: "There is no account yet" });
  await note.getByRole("button", { name: "Put this note away" }).press("Enter");
  await expect(note).toHaveCount(0);
  await expect(page.getByRole("main")).toBeFocused();
  // Not even in the page as it comes from the server: nothing jumps.
  expect(await (await page.request.get(server.url)).text()).not.toContain("There is no account yet");
  await page.reload();
  await expect(page.getByRole("main")).toBeVisible();
  await expect(note).toHaveCount(0);
  const { port } = new URL(server.url);
  await server.end("SIGTERM");
  await server.start();
  expect(new URL(server.url).port).not.toBe(port);
  await page.goto(server.url);
  await expect(note).toBeVisible();
});

test("given another address and no account, then the server is locked until its printed link makes one, once", async () => {
  await server.start({
    HOST: "0.0.0.0",
    CORDWOOD_API_KEY: "a-key-for-the-shippers",
    CORDWOOD_TRUSTED_PROXIES: "127.0.0.1",
  });
  expect(server.output).toContain("unencrypted");
  const link = /http:\/\/\S+\/set-up#(\S+)/.exec(server.output);
  expect(link, server.output).not.toBeNull();
  const base = server.url.replace("localhost", "127.0.0.1");

  const open = (await ask(base, "/set-up")).status;
  const found = await statuses({});
  expect(open).toBe(200);
  const refused = found.get(401) ?? [];
  const needing = ROUTES.filter(([, path, need]) => need !== "always" || path === "/api/inngest").map(
    ([method, path]) => `${method} ${path}`,
  );
  expect(refused).toEqual(expect.arrayContaining(needing));
  for (const path of [...PAGES.map(([page]) => page), "/sign-in"]) expect(refused).toContain(`GET ${path}`);
  for (const path of PROBES) expect((await ask(base, path)).status).toBe(200);
  // A key that is set for it ingests all the same.
  const authorization = "Bearer a-key-for-the-shippers";
  const shipped = await ask(base, "/api/logs", {
    method: "POST",
    headers: { ...JSON_TYPE, authorization },
    body: '{"service":"shipped","message":"m"}',
  });
  expect(shipped.status).toBe(201);

  const account = { name: "Admin", ...ADMIN };
  expect((await post(server, "/api/access/set-up", account)).status).toBe(403);
  expect((await post(server, "/api/access/set-up", { ...account, token: "guessed" })).status).toBe(403);
  const made = await post(server, "/api/access/set-up", { ...account, token: link?.[1] });
  expect(made.status, made.body).toBe(201);
  const again = { ...account, email: "stranger@example.com", token: link?.[1] };
  expect((await post(server, "/api/access/set-up", again)).status).toBe(409);
  expect((await ask(base, "/api/logs")).status).toBe(401);
});

test("given CORDWOOD_ADMIN_EMAIL and its password, then the account is there from the start, and a second start changes nothing", async () => {
  const environment = { CORDWOOD_ADMIN_EMAIL: "Root@example.com", CORDWOOD_ADMIN_PASSWORD: "correct horse" };
  const other = new TestServer();
  try {
    await other.start(environment);
    expect((await ask(other.url, "/api/logs")).status).toBe(401);
    const signIn = (password: string) => post(other, "/api/access/sign-in", { email: "root@example.com", password });
    expect((await signIn("correct horse")).status).toBe(200);
    await other.end("SIGTERM");
    await other.start({ ...environment, CORDWOOD_ADMIN_PASSWORD: "another password" });
    expect((await signIn("another password")).status).toBe(401);
    expect((await signIn("correct horse")).status).toBe(200);
  } finally {
    await other.remove();
  }
});
