import path from "node:path";
import { systemClock } from "@/core/clock";
import { createPool, databaseOf } from "@/db/client";
import { sealSegments } from "../seal-segments";
import { createSegments } from "../segments";

/** Seals what is to be sealed, and is killed at a step: what a test starts as a process of its own. */
const [url = "", folder = "", step = "", now = ""] = process.argv.slice(2);
const pool = createPool(url, () => undefined);
const segments = createSegments({
  folder: path.join(folder, "segments"),
  scratch: path.join(folder, "scratch"),
  memoryBytes: 128 * 1024 * 1024,
});
const clock = now === "" ? systemClock : { now: () => new Date(now) };
const onStep = (reached: string) => reached === step && process.kill(process.pid, "SIGKILL");
await sealSegments({ db: databaseOf(pool), pool, clock, segments, onStep });
