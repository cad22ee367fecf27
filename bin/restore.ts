import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { text } from "node:stream/consumers";
import type { Manifest } from "@/core/backup/manifest";
import { type BackupPlace, findBackup, openPlace } from "@/core/backup/place";
import { restoreBackup } from "@/core/backup/restore-backup";
import { systemClock } from "@/core/clock";
import { type Config, readConfig } from "@/core/config";
import { conflict, invalid, reasonOf } from "@/core/errors";
import { nounFor } from "@/core/noun";
import { readIfThere } from "@/core/read-if-there";
import { SecretBox } from "@/core/secrets/secret-box";
import { startEmbeddedServer } from "@/db/embedded/embedded-server";
import { lockFolder } from "@/db/embedded/folder-lock";
import { Bars } from "./backup/bars";
import { placeNamed } from "./backup/place";
import { withSegments } from "./installation";
import { keepPrivate } from "./keep-private";
import { readArguments } from "./options";

keepPrivate();

const { options, operands } = readArguments(
  "npm run restore --",
  "Fills an empty installation, which the environment names, with a backup that npm run backup has made; npm run backup -- PLACE --list says which there are.",
  {
    backup: { type: "string", value: "ID", about: "which one (default the latest)" },
    "same-store": {
      type: "boolean",
      default: false,
      about: "CORDWOOD_SEGMENTS names the store of the installation that is gone: take what is in it",
    },
  },
  { name: "PLACE", about: "a folder, or a place in a bucket such as s3://backups/cordwood" },
);

const bars = new Bars();

/** With the database that is to be filled; nothing else may use the data folder. */
async function withDatabase<Result>(
  config: Config,
  work: (connectionString: string) => Promise<Result>,
): Promise<Result> {
  if (config.databaseUrl !== null) return work(config.databaseUrl);
  const lock = await lockFolder(config.dataDir);
  if (!lock)
    throw conflict(`Cordwood is running in ${config.dataDir}: stop it, or set CORDWOOD_DATA_DIR to another folder.`);
  try {
    const server = await startEmbeddedServer(config.dataDir, (event) => process.stderr.write(`${event}\n`));
    try {
      return await work(server.connectionString);
    } finally {
      await server.stop();
    }
  } finally {
    await lock.release();
  }
}

/** @returns the secret that the restored installation will have, and whether it is still to be written into the data folder */
async function secretOf(config: Config, { store }: BackupPlace, { secret }: Manifest) {
  const file = path.join(config.dataDir, "secret");
  const there = config.secret ?? (await readIfThere(file));
  if (secret === null) {
    if (there !== null) return { secret: there, isNew: false, file };
    throw invalid(
      "The secret is not in the backup: set CORDWOOD_SECRET to that of the installation that it was made of, or put its file secret into the data folder.",
    );
  }
  const saved = await text(await store.open(secret.path));
  if (there !== null && there.trim() !== saved.trim() && config.secret === null) {
    throw conflict(
      `${file} is there and is not the secret of the backup: remove it, or name another CORDWOOD_DATA_DIR.`,
    );
  }
  return { secret: there ?? saved, isNew: there === null, file };
}

async function run(): Promise<void> {
  const config = readConfig(process.env);
  const location = placeNamed(operands[0], config);
  await withSegments(config, async (segments, scratch) => {
    const place = openPlace(location, scratch);
    const manifest = await findBackup(place, options.backup ?? null);
    const { secret, isNew, file } = await secretOf(config, place, manifest);
    const others = await withDatabase(config, (connectionString) =>
      restoreBackup({ clock: systemClock, segments }, place, manifest, {
        connectionString,
        secrets: new SecretBox(secret),
        isSameStore: options["same-store"],
        progress: bars,
        // Before the tables: once they are there, a start without it would make another one.
        async onAccepted() {
          await mkdir(config.dataDir, { recursive: true, mode: 0o700 });
          if (isNew) await writeFile(file, secret, { mode: 0o600 });
        },
      }),
    );
    bars.end();
    const rows = manifest.tables.reduce((sum, table) => sum + table.rows, 0);
    const files = manifest.segments.length;
    console.log(
      `Restored ${manifest.id} of ${manifest.takenAt}: ${rows} rows and ${files} ${nounFor(files, "segment")}. Start Cordwood now, with the same environment.`,
    );
    for (const lost of manifest.unreadable) console.error(`${lost.path} was ${lost.reason} when the backup was made.`);
    if (others.length === 0) return;
    console.error(
      `${segments.store.name} has ${others.length} ${nounFor(others.length, "file")} that the backup has nothing of, such as what was sealed after it. The installation does not find what is in there; each stays until you remove it:`,
    );
    for (const other of others) console.error(other);
  });
}

run().catch((error: unknown) => {
  bars.end();
  console.error(reasonOf(error));
  process.exitCode = 2;
});
