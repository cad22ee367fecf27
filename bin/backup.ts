import { readFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { makeBackup } from "@/core/backup/make-backup";
import type { Manifest } from "@/core/backup/manifest";
import { type BackupLocation, type BackupPlace, findBackup, listBackups, openPlace } from "@/core/backup/place";
import { pruneBackups } from "@/core/backup/prune-backups";
import { filesOf, verifyBackup } from "@/core/backup/verify-backup";
import { systemClock } from "@/core/clock";
import { type Config, readConfig } from "@/core/config";
import { reasonOf } from "@/core/errors";
import { nounFor } from "@/core/noun";
import { readIfThere } from "@/core/read-if-there";
import { wholeNumber } from "@/core/whole-number";
import { Bars } from "./backup/bars";
import { placeNamed } from "./backup/place";
import { withInstallation, withSegments } from "./installation";
import { keepPrivate } from "./keep-private";
import { readArguments } from "./options";

keepPrivate();

const { options, operands } = readArguments(
  "npm run backup --",
  "Makes a backup of the database and of what is sealed, beside a running Cordwood or without one; segments that the place has already are not copied again.",
  {
    list: { type: "boolean", default: false, about: "only say which backups there are" },
    verify: {
      type: "boolean",
      default: false,
      about: "only read a backup as a whole; ends with 1 if a file is damaged",
    },
    backup: { type: "string", value: "ID", about: "verify: which one (default the latest)" },
    keep: {
      type: "string",
      value: "N",
      about: "afterwards remove all but the latest N backups, if this one is complete",
    },
    "without-secret": {
      type: "boolean",
      default: false,
      about: "leave out the file `secret` of the data folder, which the restored installation needs",
    },
  },
  { name: "PLACE", about: "a folder, or a place in a bucket such as s3://backups/cordwood" },
);

const keepSchema = wholeNumber(1, 10_000).optional();
const packageSchema = z.object({ version: z.string() });

const bars = new Bars();

function lineOf(manifest: Manifest): string {
  const { id, takenAt, cordwood, tables, segments } = manifest;
  const bytes = filesOf(manifest).reduce((sum, file) => sum + file.bytes, 0);
  return [
    id,
    takenAt,
    `Cordwood ${cordwood}`,
    `${tables.reduce((sum, { rows }) => sum + rows, 0)} rows`,
    `${segments.length} ${nounFor(segments.length, "segment")}`,
    `${bytes} bytes`,
  ].join("\t");
}

async function list(place: BackupPlace): Promise<number> {
  for (const manifest of await listBackups(place)) console.log(lineOf(manifest));
  return 0;
}

async function verify(place: BackupPlace): Promise<number> {
  const manifest = await findBackup(place, options.backup ?? null);
  const files = filesOf(manifest).length;
  let [done, bad] = [0, 0];
  for await (const { file, problem } of verifyBackup(place.store, manifest)) {
    bars.files(++done, files);
    if (problem === null) continue;
    bad++;
    console.log(`${file.path}: ${problem}`);
  }
  console.log(`${manifest.id}: ${files} ${nounFor(files, "file")} read, ${bad} missing or damaged`);
  return bad === 0 ? 0 : 1;
}

async function make(config: Config, location: BackupLocation, keep: number | undefined): Promise<number> {
  const ofFolder = config.secret === null && !options["without-secret"];
  const secret = ofFolder ? await readIfThere(path.join(config.dataDir, "secret")) : null;
  const { version } = packageSchema.parse(JSON.parse(await readFile("package.json", "utf8")));
  return withInstallation(config, async (installation) => {
    const { scratch } = installation;
    const place = openPlace(location, scratch);
    const manifest = await makeBackup(installation, place, { version, scratch, secret, progress: bars });
    bars.end();
    console.log(lineOf(manifest));
    for (const { path: name, reason } of manifest.unreadable)
      console.error(`${name} is ${reason}: it is not in the backup.`);
    if (secret === null) {
      console.error(
        "The secret is not in the backup: keep CORDWOOD_SECRET, or the file secret of the data folder, elsewhere.",
      );
    }
    if (keep !== undefined && manifest.unreadable.length > 0) {
      console.error("Nothing was removed: this backup is incomplete, and one before it may have what it lacks.");
    } else if (keep !== undefined) {
      for (const id of await pruneBackups(place, keep, systemClock)) console.log(`${id} removed`);
    }
    return manifest.unreadable.length === 0 ? 0 : 1;
  });
}

async function run(): Promise<number> {
  const keep = keepSchema.safeParse(options.keep);
  if (!keep.success) throw new Error(`--keep ${keep.error.issues[0]?.message}, not "${options.keep}".`);
  const config = readConfig(process.env);
  const location = placeNamed(operands[0], config);
  if (!options.list && !options.verify) return make(config, location, keep.data);
  return withSegments(config, (_segments, scratch) => {
    const place = openPlace(location, scratch);
    return options.list ? list(place) : verify(place);
  });
}

run().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    bars.end();
    console.error(reasonOf(error));
    process.exitCode = 2;
  },
);
