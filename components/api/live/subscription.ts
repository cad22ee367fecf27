import type { Ask, LiveState, News } from "./messages";
import { openPort } from "./open-port";

type SubscriptionOptions = {
  /** Path and parameters of an endpoint that sends Server-Sent Events. */
  path: string;
  /** By the event's name, with its data. */
  handlers: Readonly<Record<string, (data: unknown) => void>>;
  changed(state: LiveState): void;
  /** The session is over. */
  signedOut(): void;
};

const HERE_MS = 30_000;
/** Longer than SharedStream waits for the server, and for its next attempt: then nobody is there who could. */
const SILENCE_MS = 60_000;
const REFUSED_RETRY_MS = 15_000;

const BAD_REQUEST = 400;

/** What one page follows, over the connection that it shares. Goes on behind the last event that it got. */
export class Subscription {
  private port: MessagePort | null = null;
  private position = "";
  private here: ReturnType<typeof setInterval> | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private isDatabaseLost = false;

  constructor(private readonly options: SubscriptionOptions) {}

  open(): void {
    if (this.port) return;
    const port = openPort(() => this.reopen());
    this.port = port;
    port.onmessage = ({ data }: MessageEvent<News>) => this.take(data);
    this.say({ kind: "follow", path: this.options.path, position: this.position });
    this.here = setInterval(() => this.say({ kind: "here" }), HERE_MS);
    this.reopenAfter(SILENCE_MS);
  }

  close(): void {
    clearTimeout(this.timer);
    clearInterval(this.here);
    this.say({ kind: "leave" });
    // What is on its way already would come twice.
    if (this.port) this.port.onmessage = null;
    this.port = null;
  }

  private say(ask: Ask): void {
    this.port?.postMessage(ask);
  }

  private reopen(): void {
    if (!this.port) return;
    this.close();
    this.open();
  }

  private reopenAfter(waitMs: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.reopen(), waitMs);
  }

  private take(news: News): void {
    this.reopenAfter(SILENCE_MS);
    if (news.kind === "event") this.takeEvent(news);
    else if (news.kind === "refused") this.refused(news.status);
    else if (news.kind === "signed out") this.options.signedOut();
    else this.options.changed(news.state === "live" && this.isDatabaseLost ? "reconnecting" : news.state);
  }

  private takeEvent({ name, id, data }: Extract<News, { kind: "event" }>): void {
    if (id !== "") this.position = id;
    const parsed: unknown = JSON.parse(data);
    if (name === "heartbeat") {
      this.isDatabaseLost = isLost(parsed);
      this.options.changed(this.isDatabaseLost ? "reconnecting" : "live");
    }
    this.options.handlers[name]?.(parsed);
  }

  /** What is wrong stays wrong; what isn't there, or not now, may be later. */
  private refused(status: number): void {
    this.options.changed("offline");
    if (status === BAD_REQUEST) clearTimeout(this.timer);
    else this.reopenAfter(REFUSED_RETRY_MS);
  }
}

const isLost = (data: unknown) =>
  typeof data === "object" && data !== null && "database" in data && data.database === "lost";
