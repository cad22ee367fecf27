/** What a page says of its connection: what is shown is up to date; is being got back; can't be had. */
export type LiveState = "connecting" | "live" | "reconnecting" | "offline";

type EventConnectionOptions = {
  /** Path and parameters of an endpoint that sends Server-Sent Events. */
  path: string;
  /** By the event's name, with its data. */
  handlers: Readonly<Record<string, (data: unknown) => void>>;
  changed(state: LiveState): void;
};

const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 15_000;
/** So many failures in a row are no hiccup. */
const OFFLINE_AFTER = 3;
/** The server sends a heartbeat every 15 s; a connection on which nothing comes is dead, whatever the browser thinks. */
const SILENCE_MS = 40_000;

/**
 * An EventSource that does not give up: the browser's own comes again only while the server answers 200. Goes on behind the
 * last event that it got.
 */
export class EventConnection {
  private source: EventSource | null = null;
  private lastEventId = "";
  private failures = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private isDatabaseLost = false;

  constructor(private readonly options: EventConnectionOptions) {}

  open(): void {
    if (this.source) return;
    const { path, handlers } = this.options;
    const id = this.lastEventId === "" ? "" : `${path.includes("?") ? "&" : "?"}${this.resume()}`;
    const source = new EventSource(`${path}${id}`);
    this.source = source;
    source.onopen = () => this.alive();
    source.onerror = () => this.failed();
    for (const name of new Set([...Object.keys(handlers), "heartbeat"])) {
      source.addEventListener(name, ({ lastEventId, data }: MessageEvent<string>) => {
        if (lastEventId !== "") this.lastEventId = lastEventId;
        const parsed: unknown = JSON.parse(data);
        if (name === "heartbeat") this.isDatabaseLost = isLost(parsed);
        this.alive();
        handlers[name]?.(parsed);
      });
    }
    this.watch();
  }

  close(): void {
    clearTimeout(this.timer);
    this.source?.close();
    this.source = null;
  }

  private resume(): string {
    return new URLSearchParams({ lastEventId: this.lastEventId }).toString();
  }

  private alive(): void {
    this.failures = 0;
    this.options.changed(this.isDatabaseLost ? "reconnecting" : "live");
    this.watch();
  }

  private watch(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.failed(), SILENCE_MS);
  }

  private failed(): void {
    this.close();
    this.failures++;
    this.options.changed(this.failures > OFFLINE_AFTER || !navigator.onLine ? "offline" : "reconnecting");
    const wait = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** (this.failures - 1));
    this.timer = setTimeout(() => this.open(), wait);
  }
}

const isLost = (data: unknown) =>
  typeof data === "object" && data !== null && "database" in data && data.database === "lost";
