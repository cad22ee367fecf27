import { setTimeout as sleep } from "node:timers/promises";
import { EventSourceParserStream } from "eventsource-parser/stream";
import { z } from "zod";
import { expect } from "./test";

const AGAIN_AFTER_MS = 100;
const entrySchema = z.object({ message: z.string() });

/** One who tails from beginning to end of a test, and comes again with the id of the last event whenever the stream breaks. */
export class Tailing {
  /** What came, in its order. */
  readonly messages: string[] = [];
  readonly gaps: string[] = [];
  /** How often it came. */
  connections = 0;
  private readonly controller = new AbortController();
  private lastId: string | null = null;
  private readonly reading: Promise<void>;

  /** @param route with its parameters */
  constructor(
    private readonly url: string,
    private readonly route: string,
    private readonly authorization: string,
  ) {
    this.reading = this.run();
  }

  /** Everything that is committed from then on will come. */
  async joined(): Promise<void> {
    await expect.poll(() => this.lastId, { timeout: 60_000, intervals: [20] }).not.toBeNull();
  }

  async stop(): Promise<void> {
    this.controller.abort();
    await this.reading;
  }

  private async run(): Promise<void> {
    const { signal } = this.controller;
    while (!signal.aborted) {
      try {
        await this.connect(signal);
      } catch (error) {
        if (!signal.aborted && !(error instanceof TypeError)) throw error;
      }
      if (!signal.aborted) await sleep(AGAIN_AFTER_MS);
    }
  }

  private async connect(signal: AbortSignal): Promise<void> {
    const headers = new Headers({ authorization: this.authorization });
    if (this.lastId !== null) headers.set("last-event-id", this.lastId);
    const response = await fetch(`${this.url}${this.route}`, { headers, signal });
    if (response.status !== 200) {
      await response.arrayBuffer();
      expect([502, 503, 504]).toContain(response.status);
      return;
    }
    this.connections++;
    const text = response.body?.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream());
    for await (const { event, id, data } of text ?? []) {
      if (event === "log") this.messages.push(entrySchema.parse(JSON.parse(data)).message);
      if (event === "gap") this.gaps.push(data);
      if (id) this.lastId = id;
    }
  }
}
