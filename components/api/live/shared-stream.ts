import { LIMITS } from "@/core/limits";
import type { Ask, News } from "./messages";
import { readEvents } from "./read-events";

/** Follows one path for one page. */
type Follower = { port: MessagePort; path: string; position: string; heardMs: number };

const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 15_000;
/** So many failures in a row are no hiccup. */
const OFFLINE_AFTER = 3;
/** The server sends a heartbeat every 15 s; a connection on which nothing comes is dead, whatever the browser thinks. */
const SILENCE_MS = 40_000;
/** Pages that are opened together are asked for together. */
const JOIN_MS = 30;
/** What nobody follows any more is sent for so long at the most: somebody else is likely to come, or the same again. */
const LEAVE_MS = 1_000;
/** Pages say so three times as often. */
const GONE_MS = 90_000;
const UNAUTHORISED = 401;
const UNAVAILABLE = 503;

/**
 * One connection for all who follow something: browsers allow few to one server (six, over HTTP/1.1), and a page that holds one
 * for itself takes it from the next. Server-Sent Events go one way, so when somebody comes or goes it is opened anew, for each
 * behind the last event that it got: nothing is lost or told twice. It gives up only when nobody is signed in.
 */
export class SharedStream {
  private readonly followers = new Map<MessagePort, Follower>();
  private connection: AbortController | null = null;
  private failures = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private dueMs = Number.POSITIVE_INFINITY;
  private silence: ReturnType<typeof setTimeout> | undefined;

  /** @param url of POST /api/logs/events */
  constructor(private readonly url: string) {
    globalThis.addEventListener?.("online", () => this.schedule(JOIN_MS));
  }

  /** Takes what a page says. */
  add(port: MessagePort): void {
    port.onmessage = ({ data }: MessageEvent<Ask>) => this.take(port, data);
  }

  private take(port: MessagePort, ask: Ask): void {
    const heardMs = performance.now();
    if (ask.kind === "follow") this.follow({ port, path: ask.path, position: ask.position, heardMs });
    else if (ask.kind === "leave") this.drop(port);
    else {
      const follower = this.followers.get(port);
      if (follower) follower.heardMs = heardMs;
    }
  }

  private follow(follower: Follower): void {
    this.followers.set(follower.port, follower);
    if (this.failures > 0) follower.port.postMessage(this.trouble);
    this.schedule(JOIN_MS);
  }

  private drop(port: MessagePort): void {
    const path = this.followers.get(port)?.path;
    this.followers.delete(port);
    port.close();
    const left = [...this.followers.values()];
    if (left.length === 0) this.rest();
    else if (this.connection && !left.some((follower) => follower.path === path)) this.schedule(LEAVE_MS);
  }

  private rest(): void {
    this.connection?.abort();
    this.connection = null;
    clearTimeout(this.silence);
    clearTimeout(this.timer);
    this.dueMs = Number.POSITIVE_INFINITY;
  }

  /** Opens the connection anew at the latest after so long. */
  private schedule(waitMs: number): void {
    const dueMs = performance.now() + waitMs;
    if (dueMs >= this.dueMs) return;
    this.dueMs = dueMs;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.dueMs = Number.POSITIVE_INFINITY;
      void this.connect();
    }, waitMs);
  }

  private async connect(): Promise<void> {
    this.connection?.abort();
    this.dropGone();
    if (this.followers.size === 0) return this.rest();
    const connection = new AbortController();
    this.connection = connection;
    this.listen();
    try {
      await this.read(this.groups(), connection);
    } catch {
      // Why it broke off says nobody; that it did is all that matters.
    }
    if (this.connection === connection) this.failed();
  }

  private async read(groups: ReadonlyMap<string, Follower[]>, { signal }: AbortController): Promise<void> {
    const response = await fetch(this.url, {
      method: "POST",
      headers: { "content-type": "application/json", accept: "text/event-stream" },
      body: JSON.stringify({ subscriptions: [...groups].map(subscriptionOf) }),
      cache: "no-store",
      signal,
    });
    if (response.status === UNAUTHORISED) return this.signedOut();
    if (!response.ok || !response.body) return;
    this.failures = 0;
    this.tell([...this.followers.values()], { kind: "state", state: "live" });
    let group: readonly Follower[] = [];
    for await (const { event: name = "message", id = "", data } of readEvents(response.body)) {
      if (signal.aborted) return;
      this.listen();
      if (name === "heartbeat" && this.dropGone()) this.schedule(LEAVE_MS);
      if (name === "subscription") group = groups.get(data) ?? [];
      else if (name === "refused") this.refuse(group, data);
      else this.give(group, { kind: "event", name, id, data });
    }
  }

  /** Nothing is asked for again until a page comes, or comes again, with what it follows: somebody may have signed in by then. */
  private signedOut(): void {
    this.connection = null;
    clearTimeout(this.silence);
    this.failures = OFFLINE_AFTER + 1;
    this.tell([...this.followers.values()], this.trouble);
    this.tell([...this.followers.values()], { kind: "signed out" });
  }

  private give(group: readonly Follower[], event: Extract<News, { kind: "event" }>): void {
    if (event.id !== "") for (const follower of group) follower.position = event.id;
    this.tell(group, event);
  }

  /** What can't be had is not asked for again: its pages may come again with it. */
  private refuse(group: readonly Follower[], data: string): void {
    const reason: unknown = JSON.parse(data);
    const status =
      typeof reason === "object" && reason !== null && "status" in reason && typeof reason.status === "number"
        ? reason.status
        : 0;
    this.letGo(group, status);
  }

  private letGo(group: readonly Follower[], status: number): void {
    this.tell(group, { kind: "refused", status });
    for (const { port } of group) this.followers.delete(port);
  }

  private tell(followers: readonly Follower[], news: News): void {
    // Who left meanwhile, or follows something else, is not told.
    for (const follower of followers)
      if (this.followers.get(follower.port) === follower) follower.port.postMessage(news);
  }

  private get trouble(): News {
    return { kind: "state", state: this.failures > OFFLINE_AFTER || !isOnline() ? "offline" : "reconnecting" };
  }

  private listen(): void {
    clearTimeout(this.silence);
    this.silence = setTimeout(() => this.connection?.abort(), SILENCE_MS);
  }

  private failed(): void {
    this.connection = null;
    clearTimeout(this.silence);
    this.failures++;
    this.tell([...this.followers.values()], this.trouble);
    this.schedule(Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** (this.failures - 1)));
  }

  /** @returns whether there was one */
  private dropGone(): boolean {
    const since = performance.now() - GONE_MS;
    const gone = [...this.followers.values()].filter(({ heardMs }) => heardMs < since);
    for (const { port } of gone) this.followers.delete(port);
    return gone.length > 0;
  }

  /** Who follows the same from the same place gets it together. */
  private groups(): Map<string, Follower[]> {
    const groups = new Map<string, Follower[]>();
    for (const follower of this.followers.values()) {
      const key = JSON.stringify([follower.path, follower.position]);
      const group = groups.get(key) ?? [];
      group.push(follower);
      groups.set(key, group);
    }
    const all = [...groups.values()];
    // Those beyond what one connection may have ask for it themselves meanwhile.
    for (const group of all.slice(LIMITS.subscriptions)) this.letGo(group, UNAVAILABLE);
    return new Map(all.slice(0, LIMITS.subscriptions).map((group, index) => [String(index), group]));
  }
}

function subscriptionOf([id, [first]]: [string, Follower[]]) {
  const { path = "", position = "" } = first ?? {};
  return { id, path, ...(position === "" ? {} : { lastEventId: position }) };
}

/** Node.js has a navigator that knows nothing of it. */
const isOnline = () => globalThis.navigator?.onLine ?? true;
