import { EventSourceParserStream } from "eventsource-parser/stream";
import { TestServer } from "./server";
import { expect, type Page, test } from "./test";

const server = new TestServer();
test.beforeAll(() => server.start());
test.afterAll(() => server.remove());

const send = (...messages: string[]) =>
  server.send(JSON.stringify(messages.map((message) => ({ service: "shop", level: "error", message }))));

type Received = { event: string | undefined; id: string | undefined; data: string };

/** Reads a stream of events until it is enough, then breaks it off. */
async function listen(
  route: string,
  enough: (events: Received[]) => boolean,
  headers: Record<string, string> = {},
  body?: string,
): Promise<Received[]> {
  const controller = new AbortController();
  const method = body === undefined ? "GET" : "POST";
  const response = await fetch(`${server.url}${route}`, { method, headers, body, signal: controller.signal });
  expect(response.status).toBe(200);
  expect(response.headers.get("content-type")).toContain("text/event-stream");
  const text = response.body?.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream());
  const reader = text?.getReader();
  const events: Received[] = [];
  while (reader && !enough(events)) {
    const { done, value } = await reader.read();
    if (done) break;
    events.push({ event: value.event, id: value.id, data: value.data });
  }
  controller.abort();
  return events;
}

const messagesOf = (events: readonly Received[]) =>
  events.filter(({ event }) => event === "log").map(({ data }) => /"message":"([^"]*)"/.exec(data)?.[1]);

const watchers = async () => {
  const metrics = await (await fetch(`${server.url}/metrics`)).text();
  return [...metrics.matchAll(/cordwood_watchers\{kind="(?:stream|tail)"\} (\d+)/g)].map(([, count]) => Number(count));
};

test("given a tail over HTTP, when it breaks off and comes again, also after the server was killed, then nothing is missing or repeated", async () => {
  const route = "/api/logs/tail?q=wanted";
  const first = await listen(route, (events) => events.length > 0);
  expect(first[0]?.event).toBe("heartbeat");
  await send("wanted 1", "unwanted?", "other", "wanted 2");
  const second = await listen(route, (events) => messagesOf(events).length >= 2, {
    "last-event-id": first[0]?.id ?? "",
  });
  expect(messagesOf(second)).toEqual(["wanted 1", "unwanted?"]);
  await send("wanted 3");
  const lastEventId = second.at(-1)?.id ?? "";
  await server.end("SIGKILL");
  await server.start();
  await send("wanted 4");
  const third = await listen(
    `${route}&lastEventId=${encodeURIComponent(lastEventId)}`,
    (events) => messagesOf(events).length >= 3,
  );
  expect(messagesOf(third)).toEqual(["wanted 2", "wanted 3", "wanted 4"]);
});

test("given streams, then bad input is a 4xx, who leaves is not counted any more, and HEAD holds nothing", async () => {
  for (const [route, status] of [
    ["/api/logs/tail?q=(", 400],
    ["/api/logs/tail?from=2026-01-01T00:00:00Z", 400],
    ["/api/logs/tail?level=loud", 400],
    ["/api/logs/stream?view=everything", 400],
    ["/api/logs/stream?view=service", 400],
    ["/api/logs/stream?timeRange=2h", 400],
    ["/api/logs/stream?view=patterns&order=none", 400],
    ["/api/logs/stream?view=pattern", 400],
    ["/api/logs/stream?view=pattern&pattern=5", 404],
    ["/api/logs/stream?view=service&service=unknown", 404],
  ] as const) {
    expect((await server.get(route)).status, route).toBe(status);
  }
  await fetch(`${server.url}/api/logs/stream`, { method: "HEAD" });
  const isStats = ({ event }: Received) => event === "stats";
  const events = await listen("/api/logs/stream", (received) => received.some(isStats), {
    "last-event-id": "nonsense",
  });
  expect(JSON.parse(events.find(isStats)?.data ?? "")).toMatchObject({ service_stats: expect.any(Object) });
  await expect.poll(watchers).toEqual([0, 0]);
});

type Subscription = { id: string; path: string; lastEventId?: string };

const listenToSeveral = (subscriptions: Subscription[], enough: (events: Received[]) => boolean) =>
  listen("/api/logs/events", enough, { "content-type": "application/json" }, JSON.stringify({ subscriptions }));

/** The events of one of several subscriptions. */
function eventsOf(events: readonly Received[], id: string): Received[] {
  let current = "";
  return events.filter(({ event, data }) => {
    if (event === "subscription") current = data;
    return event !== "subscription" && current === id;
  });
}

test("given several subscriptions over one connection, then each gets its own, goes on where it was, and one that is refused stops no other", async () => {
  const subscriptions = [
    { id: "figures", path: "/api/logs/stream?view=dashboard" },
    { id: "even", path: "/api/logs/tail?q=several%20even" },
    { id: "odd", path: "/api/logs/tail?q=several%20odd&attributes=text" },
    { id: "wrong", path: "/api/logs/tail?q=(" },
    { id: "unseen", path: "/api/logs/stream?view=service&service=unknown" },
    { id: "elsewhere", path: "/api/logs/jobs" },
  ];
  const joined = await listenToSeveral(subscriptions, (events) =>
    ["even", "odd"].every((id) => eventsOf(events, id).some(({ event }) => event === "heartbeat")),
  );
  const refusals = ["wrong", "unseen", "elsewhere"].map((id) => eventsOf(joined, id));
  expect(refusals.map((events) => events.map(({ event }) => event))).toEqual([["refused"], ["refused"], ["refused"]]);
  expect(refusals.map(([refused]) => JSON.parse(refused?.data ?? ""))).toEqual([
    { status: 400, error: expect.stringContaining("at character 1 of the query") },
    { status: 404, error: 'service "unknown" has never sent an entry' },
    { status: 404, error: "path must be one of /api/logs/stream, /api/logs/tail, with its parameters" },
  ]);

  await send("several even 2", "several odd 1", "several odd 3");
  const positionOf = (id: string) => eventsOf(joined, id).at(-1)?.id;
  const again = subscriptions
    .slice(0, 3)
    .map(({ id, path }) => ({ id, path, lastEventId: id === "figures" ? undefined : positionOf(id) }));
  const figuresOf = (events: readonly Received[]) =>
    eventsOf(events, "figures").filter(({ event }) => event !== "heartbeat");
  const resumed = await listenToSeveral(
    again,
    (events) => messagesOf(events).length >= 3 && figuresOf(events).length > 0,
  );
  expect(messagesOf(eventsOf(resumed, "even"))).toEqual(["several even 2"]);
  expect(messagesOf(eventsOf(resumed, "odd"))).toEqual(["several odd 1", "several odd 3"]);
  expect(figuresOf(resumed)[0]?.event).toBe("stats");
  await expect.poll(watchers).toEqual([0, 0]);
});

test("given subscriptions that are none, then the request is a 4xx that says what is wrong", async () => {
  const path = "/api/logs/tail";
  for (const [body, error] of [
    ["{}", "subscriptions must be a list"],
    ['{"subscriptions":[]}', "subscriptions must have at least one member"],
    [JSON.stringify({ subscriptions: [{ id: "a b", path }] }), "subscriptions.0.id must be 1 to 64 letters"],
    [JSON.stringify({ subscriptions: [{ id: "a" }] }), "subscriptions.0.path is required"],
    [JSON.stringify({ subscriptions: Array(2).fill({ id: "a", path }) }), "must have an id of its own each"],
    [JSON.stringify({ subscriptions: Array(101).fill({ id: "a", path }) }), "subscriptions may have 100 members"],
  ] as const) {
    const response = await server.send(body, {}, "/api/logs/events");
    expect([response.status, await response.text()], body).toEqual([400, expect.stringContaining(error)]);
  }
});

test("given open streams, when the server is told to stop, then it ends them and itself", async () => {
  const streams = [listen("/api/logs/stream", () => false), listen("/api/logs/tail", () => false)];
  await expect.poll(watchers).toEqual([1, 1]);
  const ended = server.end("SIGTERM");
  await Promise.all(streams);
  expect(await ended).toBe(0);
  await server.start();
});

/** What the page asks for, to show that it does not ask again and again. */
function requestsOf(page: Page, part: string): string[] {
  const urls: string[] = [];
  page.on("request", (request) => {
    if (request.url().includes(part)) urls.push(request.url());
  });
  return urls;
}

test("given the Overview, then a log that is sent is there within a moment, without asking, and the page says when it is cut off and live again", async ({
  page,
}) => {
  await send("first");
  await page.goto(server.url);
  await expect(page.getByRole("status").filter({ hasText: "Live" })).toBeVisible();
  const polls = requestsOf(page, "/api/logs/dashboard/overview");
  const errors = page.getByRole("region", { name: "Errors", exact: true });
  await send("a new kind of failure");
  await expect(page.getByText("a new kind of failure")).toBeVisible();
  expect(polls).toEqual([]);
  const before = Number(await errors.locator("p").last().textContent());

  const { port } = new URL(server.url);
  await server.end("SIGKILL");
  await expect(page.getByRole("status").filter({ hasText: /Reconnecting|Offline/ })).toBeVisible();
  await server.start({ PORT: port });
  await send("after the restart");
  await expect(page.getByText("after the restart")).toBeVisible({ timeout: 30_000 });
  await expect(page.getByRole("status").filter({ hasText: "Live" })).toBeVisible({ timeout: 30_000 });
  await expect(errors.locator("p").last()).toHaveText(String(before + 1));
});

test("given a server behind something that lets no stream through, then the page keeps itself up to date by asking", async ({
  page,
}) => {
  await send("first");
  // Only what a page asks for itself can be held back here.
  await page.addInitScript(() => Reflect.deleteProperty(globalThis, "SharedWorker"));
  await page.route("**/api/logs/events", (route) => route.abort());
  await page.goto(`${server.url}/service?name=shop`);
  await expect(page.getByRole("status").filter({ hasText: /Reconnecting|Offline/ })).toBeVisible();
  await send("only by asking");
  await expect(page.getByText("only by asking").first()).toBeVisible({ timeout: 15_000 });
});

test("given the live tail, then entries come by themselves, wait while it is paused or read, and open like any other", async ({
  page,
}) => {
  await page.goto(`${server.url}/logs?q=tailed`);
  await page.getByRole("switch", { name: "Live tail" }).check({ force: true });
  await expect(page).toHaveURL(/live=true/);
  await expect(page.getByRole("status").filter({ hasText: "Live" })).toBeVisible();
  await expect(page.getByText("Waiting for an entry that the query selects.")).toBeVisible();
  // Looked for from now on, as it is told for five seconds only.
  const rate = page.getByText(/0\.\d entries a second/).waitFor();
  await send("tailed 1", "not wanted");
  const list = page.getByRole("list", { name: "Entries" });
  await expect(list.getByRole("listitem")).toHaveText([/tailed 1/]);
  await rate;

  await page.getByRole("button", { name: "Pause" }).click();
  await send("tailed 2", "tailed 3");
  await expect(page.getByText("2 new, continue to see them")).toBeVisible();
  await expect(list.getByRole("listitem")).toHaveCount(1);
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(list.getByRole("listitem")).toHaveText([/tailed 3/, /tailed 2/, /tailed 1/]);

  await list.getByRole("button").first().click();
  await expect(page.getByRole("region", { name: "Entry" })).toContainText("tailed 3");
  await page.keyboard.press("Escape");

  await send(...Array.from({ length: 200 }, (_, index) => `tailed many ${index}`));
  await expect(page.getByText(/ of 203$/)).toBeVisible();
  await list.hover();
  await page.mouse.wheel(0, 2_000);
  await send("tailed late");
  await expect(page.getByText("1 new, scroll up to see them")).toBeVisible();
  await page.mouse.wheel(0, -20_000);
  await expect(list.getByRole("listitem").first()).toContainText("tailed late");
  await page.getByRole("button", { name: "Clear" }).click();
  await expect(page.getByText("Waiting for an entry that the query selects.")).toBeVisible();
  await page.reload();
  await expect(list.getByRole("listitem").first()).toContainText("tailed late");
});

test("given a live tail that is scrolled down, when it is cleared or another query is asked, then what comes next is shown", async ({
  page,
}) => {
  const fill = (name: string) => send(...Array.from({ length: 100 }, (_, index) => `stuck ${name} ${index}`));
  await page.goto(`${server.url}/logs?q=stuck&live=true`);
  await expect(page.getByText("Waiting for an entry that the query selects.")).toBeVisible();
  await expect(page.getByRole("status").filter({ hasText: "Live" })).toBeVisible();
  const list = page.getByRole("list", { name: "Entries" });
  const scrollDown = async (held: string) => {
    await list.hover();
    await page.mouse.wheel(0, 1_000);
    // The first row is out of sight.
    await expect(page.getByText(/^1 to /)).toHaveCount(0);
    await send(held);
    await expect(page.getByText("1 new, scroll up to see them")).toBeVisible();
  };
  await fill("before");
  await expect(page.getByText(/ of 100$/)).toBeVisible();
  await scrollDown("stuck held");
  await page.getByRole("button", { name: "Clear" }).click();
  await send("stuck after clearing");
  await expect(list.getByRole("listitem").first()).toContainText("stuck after clearing");

  await fill("again");
  await expect(page.getByText(/ of 101$/)).toBeVisible();
  await scrollDown("stuck held too");
  await page.getByRole("textbox", { name: "Query" }).fill("stuck NOT held");
  await page.getByRole("textbox", { name: "Query" }).press("Enter");
  await expect(page.getByText("1 new, scroll up to see them")).toHaveCount(0);
  await send("stuck after asking");
  await expect(list.getByRole("listitem").first()).toContainText("stuck after asking");
});

test("given a query that is changed while the first entries of the one before are looked up, then only what it selects is shown", async ({
  page,
}) => {
  await send("changed before", "changed after");
  let letGo = () => {};
  const held = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const asked = /\/api\/logs\?q=before/;
  await page.route(asked, async (route) => {
    await held;
    await route.continue();
  });
  const lookUp = page.waitForRequest(asked);
  await page.goto(`${server.url}/logs?q=before&live=true`);
  await lookUp;
  const query = page.getByRole("textbox", { name: "Query" });
  await query.fill("after");
  await query.press("Enter");
  const list = page.getByRole("list", { name: "Entries" });
  await expect(list.getByRole("listitem").filter({ hasText: "changed after" })).toHaveCount(1);
  const answered = page.waitForResponse(asked);
  letGo();
  await answered;
  await send("after all of it");
  await expect(list.getByRole("listitem").first()).toContainText("after all of it");
  await expect(list.getByRole("listitem").filter({ hasText: "changed before" })).toHaveCount(0);
});
