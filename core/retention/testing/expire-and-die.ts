import path from "node:path";
import { createSegments } from "@/core/segments/segments";
import { createPool, databaseOf } from "@/db/client";
import { applyRetention } from "../apply-retention";
import { RetentionPlan } from "../retention-plan";

/** Removes debug entries that are older than three days, and is killed at a step: what a test starts as a process of its own. */
const [url = "", folder = "", step = "", now = ""] = process.argv.slice(2);
const pool = createPool(url, () => undefined);
const segments = createSegments({
  folder: path.join(folder, "segments"),
  scratch: path.join(folder, "scratch"),
  memoryBytes: 128 * 1024 * 1024,
});
const clock = { now: () => new Date(now) };
const onExpire = (reached: string) => reached === step && process.kill(process.pid, "SIGKILL");
const plan = new RetentionPlan(30, 30, [{ service: null, level: "debug", days: 3 }]);
await applyRetention({ db: databaseOf(pool), pool, clock, segments, onExpire }, plan);
