import { setImmediate as otherWork } from "node:timers/promises";

/** Longer than this nothing else of the process should wait, in ms. */
const AT_ONCE_MS = 10;

/** Lets long work be interrupted by whatever else the process has to do. */
export class Pauses {
  private last = performance.now();

  /** Resolves at once, or after other work when the last pause is long ago. @throws the signal's reason when it has aborted */
  async pause(signal?: AbortSignal): Promise<void> {
    if (performance.now() - this.last < AT_ONCE_MS) return;
    await otherWork();
    signal?.throwIfAborted();
    this.last = performance.now();
  }
}
