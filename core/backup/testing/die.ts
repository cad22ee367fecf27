import path from "node:path";
import { systemClock } from "@/core/clock";
import { SecretBox } from "@/core/secrets/secret-box";
import { createSegments } from "@/core/segments/segments";
import { createPool, databaseOf } from "@/db/client";
import { makeBackup } from "../make-backup";
import { findBackup, openPlace } from "../place";
import { restoreBackup } from "../restore-backup";

/** Makes a backup or restores one, and is killed at a step: what a test starts as a process of its own. */
const [what = "", url = "", folder = "", store = "", step = ""] = process.argv.slice(2);
const scratch = path.join(folder, "scratch of who dies");
const segments = createSegments({ folder: path.join(folder, store), scratch, memoryBytes: 128 * 1024 * 1024 });
const place = openPlace({ folder: path.join(folder, "place") }, scratch);
const progress = { segments: () => undefined, tables: () => undefined };
const onStep = (reached: string) => reached === step && process.kill(process.pid, "SIGKILL");
if (what === "backup") {
  const pool = createPool(url, () => undefined);
  const context = { pool, db: databaseOf(pool), clock: systemClock, segments };
  await makeBackup(context, place, { version: "0.0.0", scratch, secret: null, progress, onStep });
} else {
  await restoreBackup({ clock: systemClock, segments }, place, await findBackup(place, null), {
    connectionString: url,
    secrets: new SecretBox("a secret of tests only, nothing else"),
    isSameStore: false,
    progress,
    onStep,
  });
}
