import { constants } from "node:fs";
import { copyFile, mkdir, open, opendir, rename, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Readable } from "node:stream";
import { reasonOf } from "@/core/errors";
import { readIfThere } from "@/core/read-if-there";
import { sqlStateOf } from "@/core/sql-state";
import { type HeldFile, MARK_FILE, type SegmentStore, type StoredFile, type StoredSegment } from "./segment-store";
import { Unreadable } from "./unreadable";

const PART = ".part";
const SEGMENT = ".parquet";

/** A folder, which instances may share. */
export class FolderStore implements SegmentStore {
  readonly name: string;
  readonly localFolder: string;
  readonly isRemote = false;

  constructor(private readonly folder: string) {
    this.name = folder;
    this.localFolder = folder;
  }

  async put({ path: relative }: StoredSegment, localFile: string): Promise<void> {
    const target = path.join(this.folder, relative);
    await mkdir(path.dirname(target), { recursive: true });
    const part = `${target}${PART}`;
    await copyFile(localFile, part, constants.COPYFILE_FICLONE);
    await sync(part);
    await rename(part, target);
    // The name is durable when its folder is.
    await sync(path.dirname(target));
  }

  async hold({ path: relative, bytes }: StoredSegment): Promise<HeldFile> {
    const file = path.join(this.folder, relative);
    const { size } = await this.unlessMissing(relative, stat(file));
    if (size !== bytes) throw new Unreadable("damaged", `${relative} has ${size} bytes where there should be ${bytes}`);
    return { file, release: () => undefined };
  }

  async holdCopy(): Promise<null> {
    return null;
  }

  async open(relative: string): Promise<Readable> {
    const handle = await this.unlessMissing(relative, open(path.join(this.folder, relative), "r"));
    return handle.createReadStream();
  }

  async forgetCopy(): Promise<boolean> {
    return false;
  }

  async remove(relative: string): Promise<void> {
    await rm(path.join(this.folder, relative), { force: true });
  }

  async readMark(): Promise<string | null> {
    return (await readIfThere(path.join(this.folder, MARK_FILE)))?.trim() ?? null;
  }

  async writeMark(mark: string): Promise<void> {
    await mkdir(this.folder, { recursive: true });
    await writeFile(path.join(this.folder, MARK_FILE), `${mark}\n`);
  }

  async *list(ending = SEGMENT): AsyncGenerator<StoredFile> {
    await mkdir(this.folder, { recursive: true });
    for await (const file of filesIn(this.folder)) {
      if (!(file.endsWith(ending) || file.endsWith(PART))) continue;
      const { size, mtime } = await stat(file);
      yield { path: path.relative(this.folder, file).replaceAll(path.sep, "/"), bytes: size, modifiedAt: mtime };
    }
  }

  private async unlessMissing<Result>(relative: string, work: Promise<Result>): Promise<Result> {
    try {
      return await work;
    } catch (error) {
      // Anything else, such as too many open files, says nothing of the file.
      if (sqlStateOf(error) !== "ENOENT") throw error;
      throw new Unreadable("missing", `${relative} can't be read in ${this.name}: ${reasonOf(error)}`);
    }
  }
}

/** Node's own way to list a folder with those in it (opendir, recursive) leaves out files where one has more than 32. */
async function* filesIn(folder: string): AsyncGenerator<string> {
  for await (const entry of await opendir(folder)) {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) yield* filesIn(file);
    else if (entry.isFile()) yield file;
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
