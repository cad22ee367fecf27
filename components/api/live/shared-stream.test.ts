import { once } from "node:events";
import http from "node:http";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { z } from "zod";
import { LIMITS } from "@/core/limits";
import type { Ask, News } from "./messages";
import { SharedStream } from "./shared-stream";

const requestSchema = z.object({
  subscriptions: z.array(z.object({ id: z.string(), path: z.string(), lastEventId: z.string().optional() })),
});

type Asked = z.infer<typeof requestSchema>["subscriptions"][number];

/** A server whose answers the test writes. */
class EventServer {
  readonly connections: { asked: Asked[]; response: http.ServerResponse; isOver: boolean }[] = [];
  status = 200;
  private readonly server = http.createServer(async (request, response) => {
    const { subscriptions } = requestSchema.parse(JSON.parse(await text(request)));
    const connection = { asked: subscriptions, response, isOver: false };
    response.on("close", () => {
      connection.isOver = true;
    });
    response.writeHead(this.status, { "content-type": "text/event-stream" });
    response.write("retry: 1000\n\n");
    this.connections.push(connection);
    if (this.status !== 200) response.end();
  });

  async start(): Promise<string> {
    this.server.listen(0, "127.0.0.1");
    await once(this.server, "listening");
    const address = this.server.address();
    if (address === null || typeof address === "string") throw new Error("no port");
    return `http://127.0.0.1:${address.port}`;
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  get last() {
    return this.connections.at(-1);
  }

  /** @param path of the subscription that the event is for */
  tell(path: string, name: string, id: string, data: string): void {
    const subscription = this.last?.asked.find((asked) => asked.path === path)?.id;
    this.last?.response.write(`event: subscription\ndata: ${subscription}\n\n`);
    this.last?.response.write(`event: ${name}\n${id === "" ? "" : `id: ${id}\n`}data: ${data}\n\n`);
  }
}

/** A page that follows a path. */
class Tab {
  readonly news: News[] = [];
  private readonly port: MessagePort;

  constructor(stream: SharedStream, path: string, position = "") {
    const { port1, port2 } = new MessageChannel();
    stream.add(port1);
    this.port = port2;
    port2.onmessage = ({ data }: MessageEvent<News>) => this.news.push(data);
    this.say({ kind: "follow", path, position });
  }

  say(ask: Ask): void {
    this.port.postMessage(ask);
  }

  close(): void {
    this.port.close();
  }

  get data(): string[] {
    return this.news.flatMap((news) => (news.kind === "event" ? [news.data] : []));
  }

  get states(): string[] {
    return this.news.flatMap((news) => (news.kind === "state" ? [news.state] : []));
  }
}

let server: EventServer;
let stream: SharedStream;
const tabs: Tab[] = [];
beforeEach(async () => {
  server = new EventServer();
  stream = new SharedStream(await server.start());
});
afterEach(() => {
  vi.useRealTimers();
  for (const tab of tabs.splice(0)) {
    tab.say({ kind: "leave" });
    tab.close();
  }
  server.stop();
});

function open(path: string, position?: string): Tab {
  const tab = new Tab(stream, path, position);
  tabs.push(tab);
  return tab;
}

/** However slow the machine is. */
const until = (check: () => void) => vi.waitFor(check, { timeout: 30_000 });

const asked = () => server.last?.asked.map(({ path, lastEventId }) => [path, lastEventId]);

test("given tabs that are opened one after the other, then one connection is left, which asks for each behind its last event", async () => {
  const first = open("/a");
  await until(() => expect(asked()).toEqual([["/a", undefined]]));
  server.tell("/a", "log", "1", "one");
  await until(() => expect(first.data).toEqual(["one"]));
  const second = open("/b", "7");
  await until(() =>
    expect(asked()).toEqual([
      ["/a", "1"],
      ["/b", "7"],
    ]),
  );
  server.tell("/b", "log", "8", "eight");
  server.tell("/a", "log", "2", "two");
  await until(() => expect([first.data, second.data]).toEqual([["one", "two"], ["eight"]]));
  await until(() => expect(server.connections.map(({ isOver }) => isOver)).toEqual([true, false]));
  expect(first.states).toEqual(["live", "live"]);
});

test("given tabs with the same from the same place, then it is asked for once and told to both", async () => {
  const both = [open("/a"), open("/a")];
  await until(() => expect(asked()).toEqual([["/a", undefined]]));
  server.tell("/a", "stats", "1", "{}");
  await until(() => expect(both.map(({ data }) => data)).toEqual([["{}"], ["{}"]]));
});

test("given tabs, when one leaves, then nothing more is asked for it, and when the last does, then nothing at all", async () => {
  const [leaving, staying] = [open("/a"), open("/b")];
  await until(() => expect(asked()).toHaveLength(2));
  leaving.say({ kind: "leave" });
  await until(() => expect(asked()).toEqual([["/b", undefined]]));
  expect(leaving.data).toEqual([]);
  staying.say({ kind: "leave" });
  await until(() => expect(server.connections.every(({ isOver }) => isOver)).toBe(true));
});

test("given a connection that breaks off, then tabs are told, and it goes on where it was", async () => {
  const tab = open("/a");
  await until(() => expect(asked()).toEqual([["/a", undefined]]));
  server.tell("/a", "log", "5", "five");
  await until(() => expect(tab.data).toEqual(["five"]));
  server.last?.response.destroy();
  await until(() => expect(asked()).toEqual([["/a", "5"]]));
  await until(() => expect(tab.states).toEqual(["live", "reconnecting", "live"]));
});

test("given something that the server refuses, then its tab is told, it isn't asked for again, and the other goes on", async () => {
  const [good, bad] = [open("/a"), open("/bad")];
  await until(() => expect(asked()).toHaveLength(2));
  server.tell("/bad", "refused", "", '{"status":400,"error":"no"}');
  server.tell("/a", "log", "1", "one");
  await until(() => expect(good.data).toEqual(["one"]));
  expect(bad.news.at(-1)).toEqual({ kind: "refused", status: 400 });
  server.last?.response.destroy();
  await until(() => expect(asked()).toEqual([["/a", "1"]]));
});

test("given more than one connection may carry, then those beyond are told at once, so that their pages ask by themselves", async () => {
  const tabs = Array.from({ length: LIMITS.subscriptions + 2 }, (_, index) => open(`/${index}`));
  await until(() => expect(asked()).toHaveLength(LIMITS.subscriptions));
  const refused = () => tabs.filter(({ news }) => news.some(({ kind }) => kind === "refused"));
  await until(() => expect(refused()).toHaveLength(2));
  expect(refused()[0]?.news.at(-1)).toEqual({ kind: "refused", status: 503 });
});

test("given a session that is over, then every tab is told, and nothing is asked for until a tab comes again", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"], shouldAdvanceTime: true });
  server.status = 401;
  const both = [open("/a"), open("/b")];
  const end = [{ kind: "state", state: "offline" }, { kind: "signed out" }];
  await until(() => expect(both.map(({ news }) => news.slice(-2))).toEqual([end, end]));
  const attempts = server.connections.length;
  server.status = 200;
  await vi.advanceTimersByTimeAsync(60_000);
  both[0]?.say({ kind: "follow", path: "/a", position: "" });
  await until(() => expect(both.map(({ states }) => states.at(-1))).toEqual(["live", "live"]));
  expect(server.connections).toHaveLength(attempts + 1);
});
