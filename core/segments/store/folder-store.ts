import { constants, createReadStream } from "node:fs";
import { copyFile, mkdir, open, opendir, rename, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Readable } from "node:stream";
import { codeOf } from "@/core/error-code";
import { reasonOf } from "@/core/errors";
import { ifThere } from "@/core/if-there";
import { readIfThere } from "@/core/read-if-there";
import { differenceOf, type Measured, measure } from "./measure";
import { type HeldFile, MARK_FILE, type SegmentStore, type StoredFile, type StoredSegment } from "./segment-store";
import { Unreadable, type UnreadableReason } from "./unreadable";

const PART = ".part";
const SEGMENT = ".parquet";

/** A folder, which instances may share. */
export class FolderStore implements SegmentStore {
  readonly name: string;
  readonly localFolder: string;
  readonly isRemote = false;

  /** @param folder its whole path */
  constructor(private readonly folder: string) {
    this.name = folder;
    this.localFolder = folder;
  }

  async put(segment: StoredSegment, localFile: string): Promise<void> {
    const target = path.join(this.folder, segment.path);
    const part = `${target}${PART}`;
    try {
      const own = path.dirname(target);
      const made = await mkdir(own, { recursive: true });
      await copyFile(localFile, part, constants.COPYFILE_FICLONE);
      await sync(part);
      await rename(part, target);
      // A name is durable when the folder that has it is.
      const top = made === undefined ? own : path.dirname(made);
      for (let folder = own; folder !== top; folder = path.dirname(folder)) await sync(folder);
      await sync(top);
      await this.compare(segment);
    } catch (error) {
      await rm(part, { force: true }).catch(() => undefined);
      throw new Error(`${segment.path} could not be stored in ${this.name}: ${reasonOf(error)}`, { cause: error });
    }
  }

  async hold({ path: relative, bytes }: StoredSegment): Promise<HeldFile> {
    const file = path.join(this.folder, relative);
    const { size } = await this.ofFile(relative, stat(file));
    if (size !== bytes) throw new Unreadable("damaged", `${relative} has ${size} bytes where there should be ${bytes}`);
    return { file, release: () => undefined };
  }

  async holdCopy(): Promise<null> {
    return null;
  }

  async open(relative: string): Promise<Readable> {
    const handle = await this.ofFile(relative, open(path.join(this.folder, relative), "r"));
    return handle.createReadStream();
  }

  measure(relative: string): Promise<Measured> {
    return this.ofFile(relative, measure(createReadStream(path.join(this.folder, relative))));
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
      const found = await ifThere(stat(file));
      if (!found) continue;
      const { size, mtime } = found;
      yield { path: path.relative(this.folder, file).replaceAll(path.sep, "/"), bytes: size, modifiedAt: mtime };
    }
  }

  /** Reads back what was just stored. @throws Error when it is something else, and then it is there no more */
  private async compare(segment: StoredSegment): Promise<void> {
    const problem = await this.measure(segment.path).then((found) => differenceOf(found, segment), reasonOf);
    if (problem === null) return;
    await this.remove(segment.path);
    throw new Error(`read back, ${problem}`);
  }

  private async ofFile<Result>(relative: string, work: Promise<Result>): Promise<Result> {
    try {
      return await work;
    } catch (error) {
      const reason = REASONS[codeOf(error) ?? ""];
      // Anything else, such as too many open files, says nothing of the file.
      if (reason === undefined) throw error;
      throw new Unreadable(reason, `${relative} can't be read in ${this.name}: ${reasonOf(error)}`);
    }
  }
}

/** What an error of the system says of a file: it is not there, its disk does not give it, or something else is in its place. */
const REASONS: Readonly<Partial<Record<string, UnreadableReason>>> = {
  ENOENT: "missing",
  EIO: "damaged",
  EISDIR: "damaged",
};

/** Node's own way to list a folder with those in it (opendir, recursive) leaves out files where one has more than 32. */
async function* filesIn(folder: string): AsyncGenerator<string> {
  const entries = await ifThere(opendir(folder));
  if (!entries) return;
  for await (const entry of entries) {
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
