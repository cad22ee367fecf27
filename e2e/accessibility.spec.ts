import { readdirSync } from "node:fs";
import path from "node:path";
import type { Browser, BrowserContextOptions, Page } from "@playwright/test";
import { ADMIN, addKey, post, signIn, WITH_ADMIN } from "./accounts";
import { ask } from "./ask";
import { FINDING_ONES_WAY, violationsOf, WCAG } from "./axe";
import { TestServer } from "./server";
import { expect, test } from "./test";

const panel = (id: string, x: number, y: number, more: object) => ({ id, x, y, width: 6, height: 8, ...more });
const DASHBOARD = {
  name: "All kinds",
  definition: {
    version: 1,
    variables: [{ name: "service", field: "service" }],
    panels: [
      panel("1", 0, 0, { kind: "query", title: "Levels", query: "service:$service | timeseries count() by (level)" }),
      panel("2", 6, 0, { kind: "query", title: "Services", query: "* | top 5 by (service)", as: "table" }),
      panel("3", 0, 8, {
        kind: "text",
        title: "Notes",
        text: "# Read\n\n- [this](https://example.com)\n\n| a | b |\n|-|-|\n| 1 | 2 |",
      }),
      panel("4", 6, 8, { kind: "lines", title: "Lines", query: "order" }),
      panel("5", 0, 16, { kind: "health", title: "Health", service: "$service" }),
      panel("6", 6, 16, { kind: "incidents", title: "Incidents" }),
    ],
  },
};

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
    // So that it is open for all that looks at it, however slow the machine.
    resolve_after_minutes: 1_440,
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

  const made = await post(server, "/api/logs/dashboards", DASHBOARD, headers);
  const dashboard = /"id":(\d+)/.exec(made.body)?.[1];

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
    "/logs?view=patterns",
    "/logs?view=chart",
    "/logs?view=table",
    "/logs?q=%28",
    "/logs?q=nothing+at+all",
    "/logs/language",
    "/service?name=shop",
    "/dashboards",
    "/dashboards/built-in?name=what-is-sent",
    `/dashboards/dashboard?id=${dashboard}`,
    `/dashboards/dashboard?id=${dashboard}&edit=true`,
    "/alerts",
    `/alerts/incident?id=${incident}`,
    "/alerts/config",
    "/alerts/config?service=shop",
    "/alerts/query",
    "/alerts/silences",
    "/jobs",
    "/send",
    "/account",
    "/settings",
    "/settings/keys",
    "/settings/health",
    "/settings/masking",
    "/settings/retention",
    "/settings/storage",
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

/** A page in a context of its own. */
async function openPage(browser: Browser, options: BrowserContextOptions, isSignedIn: boolean): Promise<Page> {
  const context = await browser.newContext(options);
  if (isSignedIn) await context.addCookies(cookies.map((cookie) => ({ ...cookie, url: server.url })));
  return context.newPage();
}

/** With a stream it is live, and never without traffic; without one it asks for nothing more. */
async function settled(page: Page): Promise<void> {
  if (new URL(page.url()).pathname.startsWith("/dashboards/")) return panelsSettled(page);
  await Promise.race([page.getByText("Live", { exact: true }).first().waitFor(), page.waitForLoadState("networkidle")]);
}

/** A dashboard says of each panel, not of itself, that it waits. */
async function panelsSettled(page: Page): Promise<void> {
  await expect(page.getByRole("main").getByRole("region").first()).toBeVisible();
  await expect(page.getByLabel("Computing")).toHaveCount(0);
}

for (const [look, options] of Object.entries(LOOKS)) {
  test(`given ${look}, then axe-core finds nothing on any page`, async ({ browser }) => {
    const found: Record<string, string[]> = {};
    const visit = async (list: readonly string[], isSignedIn: boolean) => {
      const page = await openPage(browser, options, isSignedIn);
      for (const address of list) {
        await page.goto(`${server.url}${address}`);
        await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
        await settled(page);
        const violations = await violationsOf(page, [...WCAG, ...FINDING_ONES_WAY]);
        if (violations.length > 0) found[address] = violations;
      }
      await page.context().close();
    };
    await visit(paths, true);
    await visit(OUTSIDE, false);
    expect(found).toEqual({});
  });
}

test("given the folder of pages, then each page of it is looked at", () => {
  const pages = readdirSync("app", { recursive: true, encoding: "utf8" })
    .filter((file) => path.basename(file) === "page.tsx")
    .map((file) => path.join("/", path.dirname(file)));
  const seen = new Set([...paths, ...OUTSIDE].map((address) => new URL(address, server.url).pathname));
  // It is there only while there is no account: local-mode.spec.ts opens it.
  expect(pages.filter((page) => !seen.has(page))).toEqual(["/set-up"]);
});

test("given the keyboard alone, when the skip link is taken, then the next stop is the first of the content", async ({
  browser,
}) => {
  const page = await openPage(browser, {}, true);
  await page.goto(`${server.url}/alerts`);
  await page.keyboard.press("Tab");
  const skip = page.getByRole("link", { name: "Skip to the content" });
  await expect(skip).toBeFocused();
  await expect(skip).toBeInViewport();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("main")).toBeFocused();
  await expect(skip).not.toBeInViewport();
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Silences" })).toBeFocused();
});

test("given a phone, then the navigation is in reach of the keyboard only while it is open", async ({ browser }) => {
  const page = await openPage(browser, { viewport: { width: 375, height: 800 } }, true);
  await page.goto(`${server.url}/alerts/silences`);
  const button = page.getByRole("button", { name: "Navigation" });
  const navigation = page.getByRole("navigation", { name: "Pages" });
  await expect(button).toHaveAttribute("aria-expanded", "false");
  await expect(navigation).toBeHidden();
  await button.press("Enter");
  await expect(button).toHaveAttribute("aria-expanded", "true");
  await expect(navigation.getByRole("link", { name: "Alerts" })).toHaveAttribute("aria-current", "true");
  await navigation.getByRole("link", { name: "Jobs" }).press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "Jobs" })).toBeVisible();
  await expect(navigation).toBeHidden();
});

test("given tables, then each has a name and columns that are read with its cells", async ({ browser }) => {
  const page = await openPage(browser, {}, true);
  await page.goto(`${server.url}/`);
  const services = page.getByRole("table", { name: "Services" });
  await expect(services.getByRole("columnheader").first()).toHaveText("Service");
  await expect(page.getByRole("table", { name: "Incidents" })).toBeVisible();
  await expect(page.getByRole("table", { name: "Top errors" })).toBeVisible();
});
