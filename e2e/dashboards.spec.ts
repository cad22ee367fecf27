import { readFileSync } from "node:fs";
import type { Browser, Locator } from "@playwright/test";
import { z } from "zod";
import { MINUTE_MS } from "@/core/clock";
import { ADMIN, addUser, post, signIn, WITH_ADMIN } from "./accounts";
import { ask } from "./ask";
import { TestServer } from "./server";
import { expect, type Page, test } from "./test";

const server = new TestServer();
let admin = "";
let viewer = "";

const madeSchema = z.object({ data: z.object({ id: z.number(), revision: z.number() }) });

test.beforeAll(async () => {
  await server.start(WITH_ADMIN);
  admin = await signIn(server, ADMIN.email);
  viewer = await addUser(server, admin, "viewer@example.com", "viewer");
  const now = Date.now();
  const entries = Array.from({ length: 300 }, (_, index) => ({
    service: index % 3 === 0 ? "checkout" : "search",
    level: index % 30 === 0 ? "error" : "info",
    message: `request ${index} served`,
    timestamp: now - index * 5_000,
    attributes: {
      http: { route: `/r${index % 2}`, response: { status_code: index % 30 === 0 ? 503 : 200 } },
      duration_ms: index % 100,
      region: index % 2 === 0 ? 'north "east"' : "south",
    },
  }));
  expect((await send(entries)).status).toBe(201);
});
test.afterAll(() => server.remove());

const send = (entries: unknown) => post(server, "/api/logs", entries, { cookie: admin });

async function enter(browser: Browser, cookie: string, options: { width?: number } = {}): Promise<Page> {
  const { width = 1280 } = options;
  const context = await browser.newContext({ viewport: { width, height: 900 } });
  const [name = "", ...value] = cookie.split("=");
  await context.addCookies([{ name, value: value.join("="), url: server.url }]);
  return context.newPage();
}

type PanelInput = Record<string, unknown> & { id: string; kind: string };

async function make(name: string, panels: PanelInput[], more: Record<string, unknown> = {}): Promise<number> {
  const place = { x: 0, y: 0, width: 6, height: 6 };
  const definition = { version: 1, panels: panels.map((panel) => ({ ...place, ...panel })), ...more };
  const { body, status } = await post(server, "/api/logs/dashboards", { name, definition }, { cookie: admin });
  expect(status, body).toBe(201);
  return madeSchema.parse(JSON.parse(body)).data.id;
}

const read = async (id: number) =>
  JSON.parse((await ask(server.url, `/api/logs/dashboards/${id}`, { headers: { cookie: admin } })).body).data;

const pathOf = (id: number) => `${server.url}/dashboards/dashboard?id=${id}`;
/** Gives a dashboard another name in its editor; not saved yet. */
async function rename(page: Page, id: number, name: string): Promise<void> {
  await page.goto(`${pathOf(id)}&edit=true`);
  await page.getByRole("button", { name: "Settings" }).click();
  await page.getByRole("textbox", { name: "Name" }).first().fill(name);
  await page.getByRole("button", { name: "Use it" }).click();
}

const panelOf = (page: Page, title: string): Locator => page.getByRole("region", { name: title, exact: true });
const figure = (page: Page, title: string) => panelOf(page, title).locator("dd");
const count = (id: string, title: string, query: string, more: object = {}) => ({
  id,
  kind: "query",
  title,
  query,
  chart: { kind: "figure" },
  ...more,
});

const VARIABLES = { variables: [{ name: "region", field: "region", label: "Region" }] };

test("given nothing but lines, when a dashboard is made, filled and saved, then it is there for everybody", async ({
  browser,
}) => {
  const page = await enter(browser, admin);
  await page.goto(`${server.url}/dashboards`);
  await expect(page.getByText("There are no dashboards yet")).toBeVisible();
  await page.getByRole("button", { name: "New dashboard" }).click();
  await page.getByLabel("Name").fill("Shop");
  await page.getByRole("button", { name: "Make it" }).click();

  await page.getByRole("button", { name: "Add", exact: true }).click();
  await page.getByRole("menuitem", { name: "Chart" }).click();
  await page.getByLabel("Title").fill("Errors");
  await page.getByRole("textbox", { name: "Query" }).fill("level>=error | stats nothing()");
  await expect(page.getByText("This panel can't be shown")).toBeVisible();
  await page.getByRole("textbox", { name: "Query" }).fill("level>=error | stats count() as errors");
  await expect(panelOf(page, "How it looks").locator("dd")).toHaveText("10");
  await page.getByRole("button", { name: "Use it" }).click();
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await page.getByRole("menuitem", { name: "Text" }).click();
  await page.getByLabel("Title").fill("Notes");
  await page
    .getByRole("textbox", { name: "Text" })
    .fill('# Who to call\n\n<img src=x onerror="alert(1)"> [a page](javascript:alert(1))');
  await page.getByRole("button", { name: "Use it" }).click();
  await page.getByRole("button", { name: "Save" }).click();

  await expect(page.getByRole("button", { name: "Edit" })).toBeVisible();
  await page.reload();
  await expect(figure(page, "Errors")).toHaveText("10");
  await expect(panelOf(page, "Notes").getByRole("heading", { name: "Who to call", level: 3 })).toBeVisible();
  // HTML is text, and a link that runs something is none.
  await expect(panelOf(page, "Notes").locator("img")).toHaveCount(0);
  await expect(panelOf(page, "Notes").getByText("a page")).not.toHaveAttribute("href", /javascript/);
  await page.goto(`${server.url}/dashboards?search=sho`);
  await expect(page.getByRole("row", { name: /^Shop 2/ })).toBeVisible();
});

test("given lines that arrive, then the panels of everybody who looks show them, computed once for all", async ({
  browser,
}) => {
  const id = await make("Live", [
    count("1", "All", "service:live | stats count() as n"),
    { id: "2", kind: "lines", title: "Lines", query: "service:live", x: 6 },
  ]);
  const computed = async () => {
    const { body } = await ask(server.url, "/metrics", { headers: { cookie: admin } });
    return Number(/^cordwood_panel_computations_total (\d+)/m.exec(body)?.[1]);
  };
  const [before, began] = [await computed(), Date.now()];
  const pages = await Promise.all([enter(browser, admin), enter(browser, viewer), enter(browser, viewer)]);
  for (const page of pages) {
    await page.goto(pathOf(id));
    await expect(figure(page, "All")).toHaveText("0");
  }
  await send([{ service: "live", message: "it has come" }]);
  for (const page of pages) {
    await expect(figure(page, "All")).toHaveText("1");
    await expect(panelOf(page, "Lines").getByRole("link", { name: "it has come" })).toBeVisible();
  }
  // Three pages of two panels: at most twice each, and once more for each minute that changed meanwhile.
  const changed = Math.floor(Date.now() / MINUTE_MS) - Math.floor(began / MINUTE_MS);
  expect((await computed()) - before).toBeLessThanOrEqual(4 + 2 * Math.max(2, changed));
  for (const page of pages.slice(1)) await expect(page.getByRole("button", { name: "Edit" })).toHaveCount(0);
});

test("given variables, when values are chosen, then panels are narrowed to them, and the link carries all of it", async ({
  browser,
}) => {
  // Other tests send lines too, of another service.
  const query = "NOT service:live region:$region | stats count() as n";
  const id = await make("By region", [count("1", "Lines", query)], VARIABLES);
  const page = await enter(browser, viewer);
  await page.goto(pathOf(id));
  await expect(figure(page, "Lines")).toHaveText("300");
  await page.getByRole("combobox", { name: "Region" }).click();
  await page.getByRole("option", { name: 'north "east"' }).click();
  await expect(figure(page, "Lines")).toHaveText("150");
  await page.getByRole("combobox", { name: "Region" }).fill('x" OR level:*');
  await page.keyboard.press("Enter");
  // Whatever is typed stays a value.
  await expect(figure(page, "Lines")).toHaveText("150");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Last hour" }).click();
  await page.getByRole("button", { name: "Last 15 minutes" }).click();
  await expect(figure(page, "Lines")).not.toHaveText("150");

  const other = await enter(browser, admin);
  await other.goto(page.url());
  await expect(other.getByRole("button", { name: "Last 15 minutes" })).toBeVisible();
  // Fewer with each minute, at both.
  await expect(async () => {
    const [here, there] = [page, other].map((one) => figure(one, "Lines").textContent());
    expect(await there).toBe(await here);
  }).toPass();
  await other.getByRole("button", { name: "Menu of Lines" }).click();
  await other.getByRole("menuitem", { name: "Open in Logs" }).click();
  await expect(other).toHaveURL(/\/logs\?/);
  expect(new URL(other.url()).searchParams.get("q")).toBe(
    'NOT service:live (region:"north \\"east\\"" OR region:"x\\" OR level:*") | stats count() as n',
  );
});

test("given a dashboard, when panels are moved by the keyboard, by a menu and by dragging, then they stay where they were put", async ({
  browser,
}) => {
  const text = (id: string, title: string, x: number) => ({ id, kind: "text", title, text: title, x });
  const id = await make("Moving", [text("1", "One", 0), text("2", "Two", 6)]);
  const page = await enter(browser, admin);
  await page.goto(`${pathOf(id)}&edit=true`);
  const handle = page.getByRole("button", { name: /^Move One:/ });
  await handle.focus();
  await page.keyboard.press("Shift+ArrowLeft");
  await page.keyboard.press("Shift+ArrowDown");
  await expect(page.getByRole("status").filter({ hasText: "One: column 1, row 1, 5 wide, 7 high" })).toBeAttached();
  await expect(handle).toBeFocused();
  await page.getByRole("button", { name: "Menu of Two" }).click();
  await page.getByRole("menuitem", { name: "Make lower" }).click();
  await page.keyboard.press("Escape");
  const box = await page.getByRole("button", { name: /^Move Two:/ }).boundingBox();
  if (!box) throw new Error("there is no handle");
  await page.mouse.move(box.x + 5, box.y + 5);
  await page.mouse.down();
  await page.mouse.move(box.x + 5, box.y + 200, { steps: 8 });
  await page.mouse.move(box.x - 500, box.y + 400, { steps: 8 });
  await page.mouse.up();
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("button", { name: "Edit" })).toBeVisible();
  const { definition } = await read(id);
  expect(definition.panels).toMatchObject([
    { id: "1", x: 0, y: 0, width: 5, height: 7 },
    { id: "2", x: expect.any(Number), y: 7, width: 6, height: 5 },
  ]);
  expect(definition.panels[1].x).toBeLessThan(3);
});

test("given changes that are not saved, when somebody leaves, then they are asked, and what they leave is undone", async ({
  browser,
}) => {
  const id = await make("Leaving", [{ id: "1", kind: "text", title: "Note", text: "as it was" }]);
  const page = await enter(browser, admin);
  await page.goto(pathOf(id));
  await page.getByRole("button", { name: "Edit" }).click();
  const takeOut = async () => {
    await page.getByRole("button", { name: "Menu of Note" }).click();
    await page.getByRole("menuitem", { name: "Take out" }).click();
    await expect(panelOf(page, "Note")).toHaveCount(0);
  };
  const question = page.getByRole("dialog", { name: "Leave without saving?" });
  await takeOut();
  await page.getByRole("link", { name: "Alerts" }).click();
  await question.getByRole("button", { name: "Go on changing" }).click();
  await expect(page).toHaveURL(/dashboards/);
  await page.goBack();
  await question.getByRole("button", { name: "Go on changing" }).click();
  await expect(page.getByRole("button", { name: "Save" })).toBeEnabled();
  await page.getByRole("button", { name: "Cancel" }).click();
  await question.getByRole("button", { name: "Leave without saving" }).click();
  await expect(panelOf(page, "Note")).toContainText("as it was");
  await page.getByRole("button", { name: "Edit" }).click();
  await takeOut();
  await page.getByRole("link", { name: "Alerts" }).click();
  await question.getByRole("button", { name: "Leave without saving" }).click();
  await expect(page).toHaveURL(/\/alerts/);
  expect((await read(id)).definition.panels).toHaveLength(1);
});

test("given a dashboard that is changed, when its charts are clicked, then nothing is lost; when it is looked at, they lead to their lines", async ({
  browser,
}) => {
  const query = "NOT service:live | stats count() as n by (service)";
  const id = await make("Clicked", [
    { id: "1", kind: "query", title: "Tops", query, chart: { kind: "top" } },
    { id: "2", kind: "text", title: "Note", text: "x", x: 6 },
  ]);
  const page = await enter(browser, admin);
  await page.goto(pathOf(id));
  const lines = panelOf(page, "Tops").getByRole("button", { name: "search" });
  await expect(lines).toBeVisible();
  await page.getByRole("button", { name: "Edit" }).click();
  await page.getByRole("button", { name: "Menu of Note" }).click();
  await page.getByRole("menuitem", { name: "Take out" }).click();
  await expect(panelOf(page, "Tops").getByText("search").first()).toBeVisible();
  await expect(lines).toHaveCount(0);
  await panelOf(page, "Tops").getByText("search").first().click();
  await page.getByRole("button", { name: "Menu of Tops" }).click();
  await page.getByRole("menuitem", { name: "Change" }).click();
  const preview = panelOf(page, "How it looks");
  await expect(preview.getByText("search").first()).toBeVisible();
  await expect(preview.getByRole("button", { name: "search" })).toHaveCount(0);
  await page.getByRole("button", { name: "Use it" }).click();
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("button", { name: "Edit" })).toBeVisible();
  expect((await read(id)).definition.panels).toHaveLength(1);
  await lines.click();
  await expect(page).toHaveURL(/\/logs\?q=.*service/);
});

test("given a new dashboard, when something is typed into a form and somebody goes back, then they are asked, and what they typed stays", async ({
  browser,
}) => {
  const page = await enter(browser, admin);
  await page.goto(`${server.url}/dashboards`);
  await page.getByRole("button", { name: "New dashboard" }).click();
  await page.getByLabel("Name").fill("Not lost");
  await page.getByRole("button", { name: "Make it" }).click();
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await page.getByRole("menuitem", { name: "Lines" }).click();
  await page.getByRole("textbox", { name: "Query" }).fill("service:checkout");
  const question = page.getByRole("dialog", { name: "Leave without saving?" });
  await page.goBack();
  await question.getByRole("button", { name: "Go on changing" }).click();
  await expect(question).toHaveCount(0);
  await expect(page.getByRole("textbox", { name: "Query" })).toHaveValue("service:checkout");
  await expect(page).toHaveURL(/edit=true/);
  // A slip of a key is asked about too.
  await page.keyboard.press("Escape");
  await question.getByRole("button", { name: "Go on changing" }).click();
  await expect(question).toHaveCount(0);
  await expect(page.getByRole("textbox", { name: "Query" })).toHaveValue("service:checkout");

  // What can't be saved is told where it is typed.
  const most = page.getByRole("textbox", { name: "Lines at most" });
  await most.fill("");
  await page.getByRole("button", { name: "Use it" }).click();
  await expect(page.getByText("must be a whole number from 1 to 200")).toBeVisible();
  await most.fill("20");
  await page.getByRole("button", { name: "Use it" }).click();
  await expect(page.getByRole("textbox", { name: "Query" })).toHaveCount(0);

  await page.goBack();
  await question.getByRole("button", { name: "Leave without saving" }).click();
  await expect(page.getByRole("heading", { name: "Not lost", level: 1 })).toBeVisible();
  await expect(page.getByText("There are no panels yet")).toBeVisible();
  await expect(page.getByRole("button", { name: "Edit" })).toBeVisible();
});

test("given a link to change a dashboard, when somebody goes back from it, then it is shown, and another step back leaves it", async ({
  browser,
}) => {
  const id = await make("By a link", []);
  const page = await enter(browser, admin);
  await page.goto(`${server.url}/alerts`);
  await page.goto(`${pathOf(id)}&edit=true`);
  await expect(page.getByRole("button", { name: "Save" })).toBeVisible();
  // The page is alive.
  await expect(page).toHaveURL(/tz=/);
  await page.goBack();
  await expect(page.getByRole("button", { name: "Edit" })).toBeVisible();
  await expect(page).toHaveURL(
    ({ searchParams }) => searchParams.get("id") === String(id) && !searchParams.has("edit"),
  );
  await page.goForward();
  await expect(page.getByRole("button", { name: "Save" })).toBeVisible();
  await page.goBack();
  await expect(page.getByRole("button", { name: "Edit" })).toBeVisible();
  await page.goBack();
  await expect(page).toHaveURL(/\/alerts/);
});

test("given a dashboard that is being saved, then nothing can be changed until that is answered", async ({
  browser,
}) => {
  const id = await make("Slow to save", [{ id: "1", kind: "text", title: "Note", text: "x" }]);
  const page = await enter(browser, admin);
  await page.goto(`${pathOf(id)}&edit=true`);
  await page.getByRole("button", { name: /^Move Note:/ }).focus();
  await page.keyboard.press("Shift+ArrowLeft");
  let answer: () => void = () => undefined;
  const isTime = new Promise<void>((resolve) => {
    answer = resolve;
  });
  await page.route(`**/api/logs/dashboards/${id}`, async (route) => {
    if (route.request().method() === "PUT") await isTime;
    await route.continue();
  });
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("button", { name: "Settings" })).toBeDisabled();
  await expect(page.getByRole("button", { name: "Add", exact: true })).toBeDisabled();
  await expect(page.locator("[inert]").getByRole("button", { name: "Menu of Note" })).toHaveCount(1);
  answer();
  await expect(page.getByRole("button", { name: "Edit" })).toBeVisible();
  expect((await read(id)).definition.panels).toMatchObject([{ width: 5 }]);
});

test("given two who change the same, then the second is told, and can keep theirs as another one", async ({
  browser,
}) => {
  const id = await make("Both", []);
  const page = await enter(browser, admin);
  await rename(page, id, "Mine");
  const theirs = { name: "Theirs", definition: { version: 1 }, revision: 1 };
  const answer = await ask(server.url, `/api/logs/dashboards/${id}`, {
    method: "PUT",
    headers: { cookie: admin, "content-type": "application/json" },
    body: JSON.stringify(theirs),
  });
  expect(answer.status).toBe(200);
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "Somebody else has changed it" })).toBeVisible();
  await page.getByRole("button", { name: "Save mine as another one" }).click();
  await expect(page.getByRole("heading", { name: "Mine", level: 1 })).toBeVisible();
  expect((await read(id)).name).toBe("Theirs");
});

test("given a file of a dashboard, when it is imported, copied and deleted, then the list has what is left", async ({
  browser,
}) => {
  const id = await make("Portable", [count("1", "All", "* | stats count() as n")], VARIABLES);
  const page = await enter(browser, admin);
  await page.goto(`${server.url}/dashboards?search=portable`);
  const downloading = page.waitForEvent("download");
  await page.getByRole("link", { name: "Portable as JSON" }).click();
  const download = await downloading;
  expect(download.suggestedFilename()).toBe("portable.json");
  const file = readFileSync(await download.path(), "utf8");
  expect(JSON.parse(file)).toEqual({
    name: "Portable",
    description: "",
    definition: (await read(id)).definition,
  });
  const upload = (content: string) =>
    page
      .locator('input[type="file"]')
      .setInputFiles({ name: "d.json", mimeType: "application/json", buffer: Buffer.from(content) });
  await upload("{");
  await expect(page.getByRole("dialog").getByRole("alert")).toContainText("d.json is not JSON");
  // Else a browser would not tell that the same file, corrected, is chosen again.
  await expect(page.locator('input[type="file"]')).toHaveValue("");
  await page.keyboard.press("Escape");
  await upload('{"name": "x", "definition": {"version": 9}}');
  await expect(page.getByRole("dialog").getByRole("alert")).toContainText("definition.version must be 1");
  await page.keyboard.press("Escape");
  await upload(file.replace('"Portable"', '"Portable too"'));
  await expect(page.getByRole("heading", { name: "Portable too", level: 1 })).toBeVisible();
  await page.getByRole("button", { name: "Copy Portable too" }).click();
  await expect(page.getByRole("heading", { name: "Portable too (copy)", level: 1 })).toBeVisible();

  await page.goto(`${server.url}/dashboards?search=portable`);
  const rows = page.getByRole("table", { name: "Dashboards" }).getByRole("row");
  await expect(rows).toHaveCount(4);
  await rows.filter({ hasText: "(copy)" }).getByRole("button", { name: "Delete" }).click();
  await page.getByRole("button", { name: "Delete it" }).click();
  await expect(rows).toHaveCount(3);
  const audit = await ask(server.url, "/api/access/audit?action=dashboard.delete", { headers: { cookie: admin } });
  expect(JSON.parse(audit.body).data.events).toMatchObject([{ target: "Portable too (copy)" }]);
});

test("given a dashboard that somebody has deleted, when mine is saved, then it is told, and can be kept as another one", async ({
  browser,
}) => {
  const id = await make("Deleted", []);
  const page = await enter(browser, admin);
  await rename(page, id, "Kept");
  const headers = { cookie: admin };
  expect((await ask(server.url, `/api/logs/dashboards/${id}`, { method: "DELETE", headers })).status).toBe(200);
  await page.getByRole("button", { name: "Save" }).click();
  const told = page.getByRole("alert").filter({ hasText: "Somebody else has deleted it" });
  await expect(told.getByRole("button", { name: "Show theirs" })).toHaveCount(0);
  await told.getByRole("button", { name: "Save mine as another one" }).click();
  await expect(page.getByRole("heading", { name: "Kept", level: 1 })).toBeVisible();
  await expect(page.getByRole("button", { name: "Edit" })).toBeVisible();
});

test("given a page of the list with one dashboard, when that is deleted, then the page before it is shown", async ({
  browser,
}) => {
  for (let number = 1; number <= 51; number++) await make(`Many ${String(number).padStart(2, "0")}`, []);
  const page = await enter(browser, admin);
  await page.goto(`${server.url}/dashboards?search=many&page=2`);
  const rows = page.getByRole("table", { name: "Dashboards" }).getByRole("row");
  await expect(rows).toHaveCount(2);
  await rows.getByRole("button", { name: "Delete" }).click();
  await page.getByRole("button", { name: "Delete it" }).click();
  await expect(rows).toHaveCount(51);
  await expect(page).not.toHaveURL(/page=2/);
  await page.goto(`${server.url}/dashboards`);
  await page.goto(`${server.url}/dashboards?search=many&page=9`);
  await expect(rows).toHaveCount(51);
  await expect(page).not.toHaveURL(/page=/);
  // The page that there isn't is no step of the history.
  await page.goBack();
  await expect(page).not.toHaveURL(/search=/);
});

test("given requests and errors among the lines, then dashboards made for them are offered, and one can be kept", async ({
  browser,
}) => {
  const page = await enter(browser, admin);
  await page.goto(`${server.url}/dashboards`);
  const offered = page.getByRole("region", { name: "Made for what you send" });
  await expect(offered.getByRole("link")).toHaveText(["Web requests", "Errors by pattern", "What is being sent"]);
  await expect(offered).toContainText("http.response.status_code, http.route, duration_ms");
  await offered.getByRole("link", { name: "Web requests" }).click();
  await expect(figure(page, "Requests")).toHaveText("300");
  await expect(figure(page, "Failed")).toHaveText("3.333%");
  await expect(panelOf(page, "By route").getByRole("row")).toHaveCount(3);
  await page.getByRole("button", { name: "Keep and change it" }).click();
  await expect(page).toHaveURL(/\/dashboards\/dashboard\?id=\d+/);
  await expect(figure(page, "Requests")).toHaveText("300");
});

test("given a query in the explorer, when it is added to a dashboard, then it is a panel there", async ({
  browser,
}) => {
  const id = await make("From Logs", []);
  const page = await enter(browser, admin);
  const q = "level>=error | stats count() as errors by (service)";
  await page.goto(`${server.url}/logs?q=${encodeURIComponent(q)}`);
  await page.getByRole("button", { name: "Add to dashboard" }).click();
  await page.getByRole("menuitem", { name: "From Logs" }).click();
  await page.getByRole("link", { name: "From Logs" }).click();
  await expect(page).toHaveURL(new RegExp(`id=${id}`));
  await expect(panelOf(page, q)).toContainText("checkout");
  const viewing = await enter(browser, viewer);
  await viewing.goto(`${server.url}/logs?q=${encodeURIComponent(q)}`);
  await expect(viewing.getByRole("button", { name: "Views" })).toBeVisible();
  await expect(viewing.getByRole("button", { name: "Add to dashboard" })).toHaveCount(0);
});

test("given a phone, dark colours and a wall, then panels are shown below one another, alone, and without what is around them", async ({
  browser,
}) => {
  const id = await make("Everywhere", [
    count("1", "First", "* | stats count() as n"),
    { id: "2", kind: "query", title: "Second", query: "* | timeseries count() by (service)", x: 6 },
    { id: "3", kind: "health", title: "Third", y: 6 },
  ]);
  const phone = await enter(browser, viewer, { width: 390 });
  await phone.emulateMedia({ colorScheme: "dark" });
  await phone.goto(pathOf(id));
  await expect(figure(phone, "First")).toHaveText(/\d+/);
  const boxes = await Promise.all(["First", "Second", "Third"].map((title) => panelOf(phone, title).boundingBox()));
  expect(boxes.map((box) => box?.x)).toEqual([boxes[0]?.x, boxes[0]?.x, boxes[0]?.x]);
  expect(boxes.map((box) => box?.y)).toEqual(boxes.map((box) => box?.y).toSorted((a = 0, b = 0) => a - b));
  expect(await phone.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);

  const page = await enter(browser, viewer);
  await page.goto(pathOf(id));
  await page.getByRole("button", { name: "Menu of Second" }).click();
  await page.getByRole("menuitem", { name: "Show this alone" }).click();
  await expect(panelOf(page, "First")).toHaveCount(0);
  await page.goto(`${pathOf(id)}&wall=true`);
  await expect(figure(page, "First")).toHaveText(/\d+/);
  await expect(page.getByRole("navigation", { name: "Pages" })).toBeHidden();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("navigation", { name: "Pages" })).toBeVisible();
});

test("given something before the server that lets no stream through, then panels are asked for again and again", async ({
  browser,
}) => {
  const id = await make("without a stream", [count("1", "All", "service:unstreamed | stats count() as n")]);
  const page = await enter(browser, viewer);
  // Only what a page asks for itself can be held back here.
  await page.addInitScript(() => Reflect.deleteProperty(globalThis, "SharedWorker"));
  // It swallows the stream without an error.
  await page.route("**/api/logs/events", () => undefined);
  await page.goto(pathOf(id));
  await expect(figure(page, "All")).toHaveText("0");
  await send([{ service: "unstreamed", message: "it has come" }]);
  await expect(figure(page, "All")).toHaveText("1", { timeout: 30_000 });
  await page.context().close();
});

test("given bad requests, then they are answered by what is wrong and where", async () => {
  const get = async (path: string) => {
    const { status, body } = await ask(server.url, `/api/logs/dashboards${path}`, { headers: { cookie: admin } });
    return [status, JSON.parse(body).error];
  };
  for (const [path, status, problem] of [
    ["?sort=size", 400, "sort must be one of name, updated"],
    ["?limit=0", 400, "limit must be a whole number"],
    ["/0", 404, "there is no dashboard 0"],
    ["/x", 404, "there is no dashboard x"],
    ["/panel?kind=pie", 400, "kind must be one of"],
    ["/panel?kind=stats&range=1h", 400, "q is required"],
    ["/panel?kind=stats&q=x&range=1h", 400, "a pipe is missing"],
    ["/panel?kind=lines&q=(&range=1h", 400, "at character 1"],
    ["/panel?kind=lines&q=x", 400, "range must be given, or from and to instead"],
    ["/panel?kind=lines&q=x&range=soon", 400, "range must be the name of a time range"],
    ["/panel?kind=lines&q=x&range=1h&zone=Mars", 400, "zone must be a time zone such as"],
    ["/panel?kind=health&services=pay", 400, "services must be a list of names as JSON"],
    ["/panel?kind=health&range=1h", 400, "range"],
  ] as const) {
    expect([path, ...(await get(path))]).toEqual([path, status, expect.stringContaining(problem)]);
  }
});
