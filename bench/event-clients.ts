import http from "node:http";

const GIVE_UP_MS = 20_000;

/** A client of an event stream that looks for a text in what it gets, and remembers when it came. */
export class EventClient {
  bytes = 0;
  /** What is looked for, and when it came, by performance.now(). */
  private wanted: { token: string; arrived(at: number): void } | null = null;
  private rest = "";
  private response: http.IncomingMessage | undefined;

  /** Resolves when the first bytes have come. */
  open(url: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const request = http.get(url, { agent: false }, (response) => {
        this.response = response;
        if (response.statusCode !== 200) reject(new Error(`${url} answered ${response.statusCode}`));
        response.on("error", () => undefined);
        response.on("data", (chunk: Buffer) => {
          resolve();
          this.take(chunk);
        });
      });
      request.on("error", reject);
    });
  }

  close(): void {
    this.response?.destroy();
  }

  /** @param token ASCII, at most 100 characters @throws Error when it does not come */
  wait(token: string): Promise<number> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`${token} did not arrive`)), GIVE_UP_MS);
      const arrived = (at: number) => {
        clearTimeout(timer);
        resolve(at);
      };
      this.wanted = { token, arrived };
    });
  }

  private take(chunk: Buffer): void {
    this.bytes += chunk.length;
    if (!this.wanted) return;
    const { token, arrived } = this.wanted;
    const border = this.rest + chunk.toString("latin1", 0, 100);
    if (chunk.includes(token, 0, "latin1") || border.includes(token)) {
      this.wanted = null;
      arrived(performance.now());
    }
    this.rest = chunk.toString("latin1", Math.max(0, chunk.length - 100));
  }
}

/** Opens them in small groups, as no server is met by all of its clients in one moment. */
export async function openClients(urls: readonly string[]): Promise<EventClient[]> {
  const clients: EventClient[] = [];
  for (let first = 0; first < urls.length; first += 50) {
    const group = urls.slice(first, first + 50).map((url) => ({ url, client: new EventClient() }));
    await Promise.all(group.map(({ url, client }) => client.open(url)));
    clients.push(...group.map(({ client }) => client));
  }
  return clients;
}
