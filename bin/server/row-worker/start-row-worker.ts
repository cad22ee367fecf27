import { Worker } from "node:worker_threads";

/** Far more than rows on their way need: what goes wrong ends the thread, not the process. */
const HEAP_MIB = 256;

/** A thread that makes rows of large bodies. */
export const startRowWorker = (): Worker =>
  new Worker(new URL("./row-worker.mjs", import.meta.url), { resourceLimits: { maxOldGenerationSizeMb: HEAP_MIB } });
