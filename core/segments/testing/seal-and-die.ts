import path from "node:path";
import { systemClock } from "@/core/clock";
import { createPool, databaseOf } from "@/db/client";
import { sealSegments } from "../seal-segments";
import { createSegments } from "../segments";
import { BUCKET } from "./bucket-server";

/** Seals what is to be sealed, into a folder or a bucket, and is killed at a step: what a test starts as a process of its own. */
const [url = "", folder = "", step = "", now = "", prefix = ""] = process.argv.slice(2);
const pool = createPool(url, () => undefined);
const inFolder = (name: string) => path.join(folder, name);
const segments = createSegments({
  ...(prefix === ""
    ? { folder: inFolder("segments") }
    : {
        bucket: { bucket: BUCKET, prefix, pathStyle: true },
        cache: { folder: inFolder("cache"), bytes: 64 * 1024 * 1024 },
      }),
  scratch: inFolder("scratch"),
  memoryBytes: 128 * 1024 * 1024,
});
const clock = now === "" ? systemClock : { now: () => new Date(now) };
const onStep = (reached: string) => reached === step && process.kill(process.pid, "SIGKILL");
await sealSegments({ db: databaseOf(pool), pool, clock, segments, onStep });
