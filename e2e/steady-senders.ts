import { setTimeout as sleep } from "node:timers/promises";
import { wholeNumber } from "@/core/whole-number";
import { expect } from "./test";

const SENDERS = 4;
const BATCH = 20;
const AGAIN_AFTER_MS = 50;
/** After which shippers send again. */
const AGAIN = [429, 502, 503, 504];

/** All senders of a test together; a machine with more processors can do more. */
const LINES_PER_SECOND = wholeNumber(1, 1_000_000)
  .default(400)
  .parse(process.env.CORDWOOD_TEST_LINES_PER_SECOND || undefined);

export type Refused = { status: number; error: string };

/**
 * Send lines with unique messages at a steady rate until they are stopped. As shippers do, each sends a batch again until it is
 * acknowledged, under its Idempotency-Key, when it is refused for the moment or nobody answers.
 */
export class SteadySenders {
  readonly acknowledged: string[] = [];
  readonly refused: Refused[] = [];
  /** Times when nobody answered, or the connection broke. */
  unanswered = 0;
  private isRunning = true;
  private readonly senders: Promise<void>[];

  /** @param name of the batches, unique in the test; a message is `NAME sender/batch/line` */
  constructor(
    private readonly url: string,
    private readonly name: string,
    private readonly authorization?: string,
  ) {
    this.senders = Array.from({ length: SENDERS }, (_, sender) => this.run(sender));
  }

  /** Waits until `more` lines were acknowledged since. */
  async enough(more: number): Promise<void> {
    const before = this.acknowledged.length;
    const since = () => this.acknowledged.length - before;
    await expect.poll(since, { timeout: 100_000, intervals: [20] }).toBeGreaterThanOrEqual(more);
  }

  /** Waits until what is under way is acknowledged too. */
  async stop(): Promise<readonly string[]> {
    this.isRunning = false;
    await Promise.all(this.senders);
    return this.acknowledged;
  }

  private async run(sender: number): Promise<void> {
    const everyMs = (1_000 * SENDERS * BATCH) / LINES_PER_SECOND;
    let due = performance.now();
    for (let batch = 0; this.isRunning; batch++) {
      const messages = Array.from({ length: BATCH }, (_, line) => `${this.name} ${sender}/${batch}/${line}`);
      while (!(await this.isTaken(messages, `${this.name}-${sender}-${batch}`))) await sleep(AGAIN_AFTER_MS);
      this.acknowledged.push(...messages);
      due += everyMs;
      // The rate is kept; what a pause of the server held up is not made good for.
      const now = performance.now();
      if (due > now) await sleep(due - now);
      else due = now;
    }
  }

  private async isTaken(messages: readonly string[], key: string): Promise<boolean> {
    const body = JSON.stringify(messages.map((message) => ({ service: "shop", message })));
    const headers = new Headers({ "content-type": "application/json", "idempotency-key": key });
    if (this.authorization !== undefined) headers.set("authorization", this.authorization);
    try {
      const response = await fetch(`${this.url}/api/logs`, { method: "POST", headers, body });
      const text = await response.text();
      if (response.status === 201) return true;
      expect(AGAIN, text).toContain(response.status);
      this.refused.push({ status: response.status, error: text });
    } catch (error) {
      // What fetch throws when the connection is refused or breaks.
      if (!(error instanceof TypeError)) throw error;
      this.unanswered++;
    }
    return false;
  }
}
