import type { Worker } from "node:worker_threads";
import { unavailable } from "@/core/errors";
import type { EntryItem } from "@/core/ingest/decode/decoder";
import { BodyJob } from "./body-job";
import type { FromWorker, JobOptions } from "./messages";

/** A worker that dies as it begins is not started again at once. */
const RESTART_MS = 1_000;

class RowWorker {
  readonly jobs = new Map<number, BodyJob>();
  isReady = false;

  constructor(readonly thread: Worker) {}
}

/** Threads that make rows of large bodies, so that requests and pages are answered meanwhile. One that dies is replaced. */
export class RowWorkers {
  private readonly workers = new Set<RowWorker>();
  private readonly restarts = new Set<NodeJS.Timeout>();
  private nextJob = 1;
  private isClosed = false;

  /**
   * @param start makes a thread that calls serveJobs
   * @param died is told why a worker had to be replaced
   */
  constructor(
    private readonly start: () => Worker,
    readonly count: number,
    private readonly died: (error: unknown) => void,
  ) {
    for (let index = 0; index < count; index++) this.add();
  }

  /** Resolves when there is one to work. */
  async ready(): Promise<void> {
    await Promise.race(
      Array.from(this.workers, ({ thread }) => new Promise((resolve) => thread.once("message", resolve))),
    );
  }

  private add(): void {
    const worker = new RowWorker(this.start());
    this.workers.add(worker);
    worker.thread.unref();
    worker.thread.on("message", (message: FromWorker) => {
      if (message.kind === "ready") worker.isReady = true;
      else worker.jobs.get(message.job)?.receive(message);
    });
    let cause: unknown = new Error("it ended");
    worker.thread.on("error", (error) => {
      cause = error;
    });
    worker.thread.on("exit", () => this.replace(worker, cause));
  }

  private replace(worker: RowWorker, cause: unknown): void {
    this.workers.delete(worker);
    const told = unavailable("what was reading this request broke down; send it again");
    for (const job of [...worker.jobs.values()]) job.fail(told);
    if (this.isClosed) return;
    this.died(cause);
    if (worker.isReady) this.add();
    else {
      const restart = setTimeout(() => {
        this.restarts.delete(restart);
        this.add();
      }, RESTART_MS);
      this.restarts.add(restart);
    }
  }

  /**
   * Begins a body, in the worker that has the fewest.
   * @param itemsFound is given what its decoder says of each entry, before their rows
   * @returns null when there is none that works
   */
  begin(options: JobOptions, itemsFound?: (items: readonly EntryItem[]) => void): BodyJob | null {
    let best: RowWorker | null = null;
    for (const worker of this.workers) {
      if (worker.isReady && (best === null || worker.jobs.size < best.jobs.size)) best = worker;
    }
    if (!best) return null;
    const { thread, jobs } = best;
    const number = this.nextJob++;
    const job = new BodyJob(
      number,
      (message, transfer) => thread.postMessage(message, transfer),
      () => jobs.delete(number),
      itemsFound,
    );
    jobs.set(number, job);
    thread.postMessage({ kind: "begin", job: number, options });
    return job;
  }

  async close(): Promise<void> {
    this.isClosed = true;
    for (const restart of this.restarts) clearTimeout(restart);
    await Promise.all(Array.from(this.workers, ({ thread }) => thread.terminate()));
  }
}
