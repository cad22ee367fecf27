import { z } from "zod";
import { ADMIN, addKey, signIn, WITH_ADMIN } from "./accounts";
import { TestServer } from "./server";
import { test } from "./test";

const found = z.object({ data: z.object({ entries: z.array(z.record(z.string(), z.unknown())) }) });

/** A server with accounts, to which programs send with a key, for all tests of a file. */
export class SenderServer extends TestServer {
  key = "";

  constructor(private readonly environment: Record<string, string> = {}) {
    super();
    test.beforeAll(async () => {
      await this.begin();
      const admin = await signIn(this, ADMIN.email);
      this.key = (await addKey(this, admin, { scopes: ["ingest", "read"] })).key;
    });
    test.afterAll(() => this.remove());
  }

  /** Also after it was ended: it listens where it did. */
  begin(environment: Record<string, string> = {}): Promise<void> {
    const port: Record<string, string> = this.url === "" ? {} : { PORT: new URL(this.url).port };
    return this.start({ ...WITH_ADMIN, ...this.environment, ...port, ...environment });
  }

  /** As a Bearer. */
  get authorization(): string {
    return `Bearer ${this.key}`;
  }

  /** Newest first. */
  async entriesOf(service: string): Promise<Record<string, unknown>[]> {
    const { authorization } = this;
    const query = new URLSearchParams({ service, limit: "1000" });
    const response = await fetch(`${this.url}/api/logs?${query}`, { headers: { authorization } });
    return found.parse(await response.json()).data.entries;
  }
}
