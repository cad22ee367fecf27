import { performance } from "node:perf_hooks";

/** From this share of its time on the process has better to do than to tell watchers. */
const BUSY = 0.75;
/** Rest after work, in times of the work: at most a fifth of the time goes to watchers, when busy a thirtieth. */
const REST = 4;
const REST_WHEN_BUSY = 29;

/** Makes room for ingest: watchers get less often news while the process has much to do. */
export class Pace {
  private since = performance.eventLoopUtilization();

  /** @returns ms to rest after having worked so many ms */
  restAfter(workedMs: number): number {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, this.since);
    this.since = now;
    return workedMs * (utilization >= BUSY ? REST_WHEN_BUSY : REST);
  }
}

/** What sending takes of the process's time, as measured with a thousand clients: it happens later, so nobody sees it pass. */
export const sendingMs = (writes: number, bytes: number) => writes * 0.05 + bytes * 8e-6;
