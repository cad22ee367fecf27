import { afterEach } from "vitest";
import type { TestDatabase } from "@/core/testing/test-database";
import { listenerContextOf, metricOf } from "@/core/testing/test-listeners";
import { type StopListeners, startListeners } from "./listeners";

type Options = Parameters<typeof listenerContextOf>[1];

/** The listeners of a process as a test file has them: started by its tests, and stopped after each. */
export class TestListening {
  /** Of the listener that was started last. */
  port = 0;
  private made: ReturnType<typeof listenerContextOf> | undefined;
  private running: StopListeners | undefined;

  /** @param stopMs within which what they took must be stored */
  constructor(
    private readonly database: TestDatabase,
    stopMs = 1_000,
  ) {
    afterEach(() => this.stop(stopMs));
  }

  async start(options: Options): Promise<void> {
    this.made = listenerContextOf(this.database, options);
    this.running = await startListeners(this.made, (line) => {
      this.port = Number(line.split(":").at(-1));
    });
  }

  /** What they have of the process. @throws Error before they were started */
  get context(): ReturnType<typeof listenerContextOf> {
    if (!this.made) throw new Error("no listener was started");
    return this.made;
  }

  async stop(mostMs: number): Promise<void> {
    const { running } = this;
    this.running = undefined;
    await running?.(mostMs);
  }

  dropped(listener: string, reason: string): Promise<number> {
    return metricOf(this.context, `cordwood_listener_dropped_total{listener="${listener}",reason="${reason}"}`);
  }
}
