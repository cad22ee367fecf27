import { constants } from "node:fs";
import { copyFile, mkdir, open, opendir, rename, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { reasonOf, unavailable } from "@/core/errors";
import { readIfThere } from "@/core/read-if-there";
import type { SegmentStore, StoredFile } from "./segment-store";

const PART = ".part";
const SEGMENT = ".parquet";
const MARK = "cordwood-store";

/** A folder, which instances may share. */
export class FolderStore implements SegmentStore {
  readonly name: string;

  constructor(private readonly folder: string) {
    this.name = folder;
  }

  async put(relative: string, localFile: string): Promise<void> {
    const target = path.join(this.folder, relative);
    await mkdir(path.dirname(target), { recursive: true });
    const part = `${target}${PART}`;
    await copyFile(localFile, part, constants.COPYFILE_FICLONE);
    await sync(part);
    await rename(part, target);
    // The name is durable when its folder is.
    await sync(path.dirname(target));
  }

  async localFileOf(relative: string): Promise<string> {
    const file = path.join(this.folder, relative);
    try {
      await stat(file);
    } catch (error) {
      throw unavailable(`the segment ${relative} can't be read in ${this.name}: ${reasonOf(error)}`);
    }
    return file;
  }

  async remove(relative: string): Promise<void> {
    await rm(path.join(this.folder, relative), { force: true });
  }

  async readMark(): Promise<string | null> {
    return (await readIfThere(path.join(this.folder, MARK)))?.trim() ?? null;
  }

  async writeMark(mark: string): Promise<void> {
    await mkdir(this.folder, { recursive: true });
    await writeFile(path.join(this.folder, MARK), `${mark}\n`);
  }

  async *list(): AsyncGenerator<StoredFile> {
    await mkdir(this.folder, { recursive: true });
    for await (const entry of await opendir(this.folder, { recursive: true })) {
      if (!entry.isFile() || !(entry.name.endsWith(SEGMENT) || entry.name.endsWith(PART))) continue;
      const file = path.join(entry.parentPath, entry.name);
      const { size, mtime } = await stat(file);
      yield { path: path.relative(this.folder, file).replaceAll(path.sep, "/"), bytes: size, modifiedAt: mtime };
    }
  }
}

async function sync(file: string): Promise<void> {
  const handle = await open(file, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
