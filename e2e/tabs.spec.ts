import type { BrowserContext } from "@playwright/test";
import { ADMIN, addKey, post, signIn, WITH_ADMIN } from "./accounts";
import { TestServer } from "./server";
import { expect, type Page, test } from "./test";

const server = new TestServer();
let key = "";
test.beforeAll(async () => {
  await server.start(WITH_ADMIN);
  const admin = await signIn(server, ADMIN.email);
  ({ key } = await addKey(server, admin, { scopes: ["ingest", "read"] }));
  await send("before");
});
test.afterAll(() => server.remove());

async function send(...messages: string[]): Promise<void> {
  const entries = messages.map((message) => ({ service: "shop", level: "error", message }));
  const { status } = await server.send(JSON.stringify(entries), { authorization: `Bearer ${key}` });
  expect(status).toBe(201);
}

/** @returns the Cookie header of the session that the browser then has */
async function enter(context: BrowserContext): Promise<string> {
  const cookie = await signIn(server, ADMIN.email);
  const [name = "", ...value] = cookie.split("=");
  await context.addCookies([{ name, value: value.join("="), url: server.url }]);
  return cookie;
}

const isLive = (tab: Page) => expect(tab.getByRole("status").filter({ hasText: "Live" })).toBeVisible();

async function openTail(context: BrowserContext, q: string): Promise<Page> {
  const tab = await context.newPage();
  await tab.goto(`${server.url}/logs?live=true&q=${encodeURIComponent(q)}`);
  await isLive(tab);
  return tab;
}

async function openOverview(context: BrowserContext): Promise<Page> {
  const tab = await context.newPage();
  await tab.goto(server.url);
  await isLive(tab);
  return tab;
}

const linesOf = (tab: Page) => tab.getByRole("list", { name: "Entries" }).getByRole("listitem");

/** Streams and tails that the server has to send to. */
async function watched(): Promise<number[]> {
  const metrics = await (await fetch(`${server.url}/metrics`, { headers: { authorization: `Bearer ${key}` } })).text();
  return [...metrics.matchAll(/cordwood_watchers\{kind="(?:stream|tail)"\} (\d+)/g)].map(([, count]) => Number(count));
}

/** As when another tab is looked at: a browser that is driven has none that are not. */
const look = (tab: Page, isLookedAt: boolean) =>
  tab.evaluate((hidden) => {
    Object.defineProperty(document, "hidden", { configurable: true, value: hidden });
    document.dispatchEvent(new Event("visibilitychange"));
  }, !isLookedAt);

test("given twelve tabs of one browser, then all load, and each gets what it shows and nothing else", async ({
  context,
}) => {
  // Each of them is looked at by axe-core at the end.
  await enter(context);
  const first = await openOverview(context);
  const overviews = [first];
  for (let count = 1; count < 4; count++) overviews.push(await openOverview(context));
  const tails: Page[] = [];
  for (let number = 1; number <= 8; number++) tails.push(await openTail(context, `twelve${number}`));

  const errors = (tab: Page) => tab.getByRole("region", { name: "Errors", exact: true }).locator("p").last();
  const before = Number(await errors(first).textContent());
  await send(...tails.map((_, index) => `twelve${index + 1} has come`));
  for (const [index, tab] of tails.entries()) {
    await expect(linesOf(tab)).toHaveText([new RegExp(`twelve${index + 1} has come`)]);
  }
  for (const tab of overviews) await expect(errors(tab)).toHaveText(String(before + 8));
});

test("given tabs, when the one that was first closes while entries come, then the others get each of them once", async ({
  context,
}) => {
  await enter(context);
  const first = await openTail(context, "closing");
  const same = await openTail(context, "closing");
  const other = await openTail(context, "closing odd");
  const sent: string[] = [];
  for (let number = 0; number < 60; number++) {
    const message = `closing ${number % 2 === 0 ? "even" : "odd"} ${number}`;
    sent.push(message);
    await send(message);
    if (number === 20) await first.close();
    if (number === 40) await openTail(context, "closing even");
  }
  const textsOf = async (tab: Page) =>
    (await linesOf(tab).allTextContents()).map((text) => /closing \w+ \d+/.exec(text)?.[0]).toReversed();
  await same.getByText(/ of 60$/).waitFor();
  await other.getByText(/ of 30$/).waitFor();
  // A list renders what is in sight, from the latest on.
  const shown = await textsOf(same);
  expect(shown.length).toBeGreaterThan(15);
  expect(shown).toEqual(sent.slice(-shown.length));
  const odd = sent.filter((message) => message.includes("odd"));
  expect(await textsOf(other)).toEqual(odd.slice(-(await textsOf(other)).length));
});

test("given a tab that nobody looks at, then it rests, and has all when it is looked at again", async ({ context }) => {
  await enter(context);
  const tab = await openTail(context, "resting");
  const awake = await openTail(context, "resting too");
  await send("resting 1", "resting too 1");
  await expect(linesOf(tab)).toHaveCount(2);
  await look(tab, false);
  await expect.poll(watched).toEqual([0, 1]);
  await send("resting 2", "resting too 2", "resting 3");
  await expect(linesOf(awake)).toHaveText([/resting too 2/, /resting too 1/]);
  expect(await linesOf(tab).count()).toBe(2);
  await look(tab, true);
  await expect(linesOf(tab)).toHaveText([/resting 3/, /resting too 2/, /resting 2/, /resting too 1/, /resting 1/]);

  await awake.close();
  await tab.close();
  await expect.poll(watched).toEqual([0, 0]);
});

test("given several tabs, when their session is ended, then each of them is led to sign in", async ({ context }) => {
  const cookie = await enter(context);
  const tails = [await openTail(context, "ending"), await openTail(context, "ending as well")];
  const overview = await openOverview(context);
  expect((await post(server, "/api/access/sign-out", {}, { cookie })).status).toBe(200);
  for (const tab of [...tails, overview]) await expect(tab).toHaveURL(/\/sign-in/);
  await expect.poll(watched).toEqual([0, 0]);
});

test("given a browser without shared workers, then a page has a connection of its own", async ({ context }) => {
  await context.addInitScript(() => Reflect.deleteProperty(globalThis, "SharedWorker"));
  await enter(context);
  const tab = await openTail(context, "alone");
  await send("alone 1");
  await expect(linesOf(tab)).toHaveText([/alone 1/]);
});
