import { existsSync } from "node:fs";
import path from "node:path";
import { systemClock } from "@/core/clock";
import { type Config, readConfig, unknownVariables } from "@/core/config";
import { checkDisk } from "@/core/doctor/check-disk";
import { checkNode } from "@/core/doctor/check-node";
import { examine } from "@/core/doctor/examine";
import { type Finding, look, ok, trouble } from "@/core/doctor/finding";
import { reasonOf } from "@/core/errors";
import { findBinaries } from "@/db/embedded/binaries";
import { openEmbedded } from "@/db/embedded/open-embedded";
import { withSegments } from "./installation";
import { readOptions } from "./options";

const { json } = readOptions(
  "npm run doctor --",
  "Looks at an installation, beside a running Cordwood or without one, and says what to do; ends with 1 when something does not work.",
  { json: { type: "boolean", default: false, about: "print what was found as JSON" } },
);

const SIGNS = { ok: "ok      ", look: "look    ", trouble: "trouble " } as const;

const CONFIGURATION = "configuration";

function configuration(): { config: Config | null; finding: Finding } {
  try {
    const config = readConfig(process.env);
    const unknown = unknownVariables(process.env);
    if (unknown.length === 0)
      return { config, finding: ok(CONFIGURATION, "each variable has a value that it accepts") };
    const says = `there is no variable ${unknown.join(", ")}`;
    return { config, finding: look(CONFIGURATION, says, "README.md lists the variables: one may be misspelt.") };
  } catch (error) {
    const todo = "README.md lists what each variable accepts.";
    return { config: null, finding: trouble(CONFIGURATION, reasonOf(error), todo) };
  }
}

/** Whether there is one for this platform; makes the links that its libraries need, as a start does. */
async function embedded(): Promise<Finding> {
  const part = "embedded PostgreSQL";
  try {
    return ok(part, (await findBinaries()).postgres);
  } catch (error) {
    return trouble(part, reasonOf(error), "Set DATABASE_URL, or install with optional dependencies.");
  }
}

async function ofInstallation(config: Config): Promise<Finding[]> {
  const { databaseUrl, dataDir } = config;
  const isNew = databaseUrl === null && !existsSync(path.join(dataDir, "postgres"));
  if (isNew)
    return [
      look(
        "database",
        `there is none in ${dataDir}`,
        "Start Cordwood, which makes one, or set CORDWOOD_DATA_DIR or DATABASE_URL.",
      ),
    ];
  const disk = existsSync(dataDir) ? [await checkDisk("data folder", dataDir)] : [];
  const within = (connectionString: string) =>
    withSegments(config, (segments) => examine(config, { connectionString, segments, clock: systemClock }));
  if (databaseUrl !== null) return [...disk, ...(await within(databaseUrl))];
  try {
    const database = await openEmbedded(dataDir);
    try {
      return [...disk, ...(await within(database.connectionString))];
    } finally {
      await database.close();
    }
  } catch (error) {
    return [...disk, trouble("database", reasonOf(error), `Look at ${path.join(dataDir, "postgres.log")}.`)];
  }
}

async function run(): Promise<void> {
  const { config, finding } = configuration();
  const platform = `${process.platform} ${process.arch}`;
  const findings = [
    checkNode(process.versions.node, platform),
    finding,
    ...(config?.databaseUrl === null ? [await embedded()] : []),
    ...(config === null ? [] : await ofInstallation(config)),
  ];
  const isWell = findings.every(({ state }) => state !== "trouble");
  if (json) console.log(JSON.stringify({ is_well: isWell, findings }, null, 2));
  else {
    for (const { part, state, says, todo } of findings) {
      console.log(`${SIGNS[state]}${part}: ${says}${todo === null ? "" : `\n        ${todo}`}`);
    }
  }
  process.exitCode = isWell ? 0 : 1;
}

run().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 2;
});
