import { type BrowserContextOptions, expect, test } from "@playwright/test";
import { ADMIN, addKey, post, signIn, WITH_ADMIN } from "./accounts";
import { ask } from "./ask";
import { violationsOf } from "./axe";
import { TestServer } from "./server";

const server = new TestServer();
test.afterAll(() => server.remove());

/** Every page, with something on it. */
let paths: string[] = [];
let cookies: { name: string; value: string }[] = [];

test.beforeAll(async () => {
  await server.start(WITH_ADMIN);
  const cookie = await signIn(server, ADMIN.email);
  cookies = cookie.split("; ").map((pair) => {
    const at = pair.indexOf("=");
    return { name: pair.slice(0, at), value: pair.slice(at + 1) };
  });
  const headers = { cookie };
  const config = {
    service: "shop",
    error_threshold_per_min: 1,
    warning_threshold_per_min: 1,
    alert_email: "a@b.example",
  };
  expect((await post(server, "/api/logs/alerts/config", config, headers)).status).toBe(201);
  const entries = ["trace", "debug", "info", "warning", "error", "fatal"].flatMap((level) =>
    Array.from({ length: 20 }, (_, index) => ({
      service: level === "error" ? "shop" : `service of ${level}`,
      level,
      message: `order ${index} went ${level}`,
      tags: ["canary"],
      attributes: { http: { status: 500 }, user: [index] },
    })),
  );
  expect((await post(server, "/api/logs", entries, headers)).status).toBe(201);
  const silence = { service: "search", reason: "a test", ends_at: new Date(Date.now() + 3_600_000).toISOString() };
  expect((await post(server, "/api/logs/alerts/silences", silence, headers)).status).toBe(201);
  await addKey(server, cookie, { scopes: ["ingest"] });
  await post(server, "/api/access/invitations", { email: "new@example.com", role: "viewer" }, headers);

  const read = async (path: string) => (await ask(server.url, path, { headers })).body;
  const incident = /"id":(\d+)/.exec(await read("/api/logs/alerts/incidents"))?.[1];
  const pattern = /"pattern":"(-?\d+)"/.exec(await read("/api/logs/patterns"))?.[1];
  const entry = /"id":"([^"]+)"/.exec(await read("/api/logs?limit=1"))?.[1];
  paths = [
    "/",
    "/errors",
    `/errors/pattern?id=${pattern}`,
    "/logs",
    `/logs?entry=${entry}`,
    "/logs?q=%28",
    "/logs?q=nothing+at+all",
    "/logs/language",
    "/service?name=shop",
    "/alerts",
    `/alerts/incident?id=${incident}`,
    "/alerts/config",
    "/alerts/config?service=shop",
    "/alerts/silences",
    "/jobs",
    "/send",
    "/account",
    "/settings",
    "/settings/keys",
    "/settings/masking",
    "/settings/retention",
    "/settings/audit",
    "/nowhere",
  ];
});

const LOOKS: Readonly<Record<string, BrowserContextOptions>> = {
  "light colours": { colorScheme: "light" },
  "dark colours": { colorScheme: "dark" },
  "a phone": { colorScheme: "light", viewport: { width: 375, height: 800 } },
};
const OUTSIDE = ["/sign-in", "/join", "/forgotten-password", "/new-password"];

for (const [look, options] of Object.entries(LOOKS)) {
  test(`given ${look}, then axe-core finds nothing on any page`, async ({ browser }) => {
    test.setTimeout(240_000);
    const found: Record<string, string[]> = {};
    const visit = async (list: readonly string[], signedIn: boolean) => {
      const context = await browser.newContext(options);
      if (signedIn) await context.addCookies(cookies.map((cookie) => ({ ...cookie, url: server.url })));
      const page = await context.newPage();
      for (const path of list) {
        await page.goto(`${server.url}${path}`);
        await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
        await page.waitForLoadState("networkidle", { timeout: 1_000 }).catch(() => undefined);
        const violations = await violationsOf(page);
        if (violations.length > 0) found[path] = violations;
      }
      await context.close();
    };
    await visit(paths, true);
    await visit(OUTSIDE, false);
    expect(found).toEqual({});
  });
}
