import { createHash } from "node:crypto";
import { mkdir, open, rename, rm } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { readIfThere } from "@/core/read-if-there";
import type { Content } from "./content";

const spanSchema = z.object({ bytes: z.int().min(0), sha256: z.string() });

const placeSchema = z.object({
  /** These two are for people who look into the file. */
  server: z.string(),
  log: z.string(),
  /** Bytes of the file that were acknowledged. */
  offset: z.int().min(0),
  /** What stands before it: by this the file is known again, whatever its name is then. */
  before: spanSchema,
  /** When the file had last been written to. */
  modified: z.string().transform(BigInt),
  /** What is sent next, or was sent when this was written and may have been acknowledged: it is sent again under its key. */
  attempt: spanSchema.extend({ key: z.string() }).nullable(),
});

/** How far a log was sent to a server. */
export type Place = Omit<z.infer<typeof placeSchema>, "server" | "log">;

const BEFORE_BYTES = 1024;

export const spanOf = (bytes: Buffer) => ({
  bytes: bytes.length,
  sha256: createHash("sha256").update(bytes).digest("hex"),
});

export const lastBytes = (bytes: Buffer): Buffer => bytes.subarray(Math.max(0, bytes.length - BEFORE_BYTES));

const isSpan = (bytes: Buffer, span: z.infer<typeof spanSchema>): boolean => {
  const found = spanOf(bytes);
  return found.bytes === span.bytes && found.sha256 === span.sha256;
};

/** What stands before a place, in a content that has it there; null when something else does. */
export async function bytesBefore(content: Content, { offset, before }: Place): Promise<Buffer | null> {
  const { bytes } = await content.read(offset - before.bytes, before.bytes);
  return isSpan(bytes, before) ? Buffer.from(bytes) : null;
}

/** The same, where also what was to be sent next must be there: else it is not the file in which the place is. */
export async function findPlace(content: Content, place: Place): Promise<Buffer | null> {
  const { offset, attempt } = place;
  const before = await bytesBefore(content, place);
  if (before === null || attempt === null) return offset > 0 ? before : null;
  const { bytes } = await content.read(offset, attempt.bytes);
  return isSpan(bytes, attempt) ? before : null;
}

/** Where the place of one log for one server is kept. */
export class PlaceFile {
  readonly file: string;

  constructor(
    folder: string,
    private readonly server: string,
    private readonly log: string,
  ) {
    const name = createHash("sha256").update(`${server}\n${log}`).digest("hex").slice(0, 24);
    this.file = path.resolve(folder, `${name}.json`);
  }

  /** Null when there is none. @throws Error when it can't be read */
  async read(): Promise<Place | null> {
    const text = await readIfThere(this.file);
    if (text === null) return null;
    try {
      return placeSchema.parse(JSON.parse(text));
    } catch (error) {
      throw new Error(
        `the place kept in ${this.file} can't be read; without that file ${this.log} is sent from its beginning`,
        {
          cause: error,
        },
      );
    }
  }

  /** Is on disk when this resolves, whole or not at all. */
  async write(place: Place): Promise<void> {
    const { server, log, file } = this;
    await mkdir(path.dirname(file), { recursive: true });
    const unfinished = `${file}.new`;
    const handle = await open(unfinished, "w", 0o600);
    try {
      await handle.writeFile(JSON.stringify({ ...place, server, log, modified: String(place.modified) }, null, 2));
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(unfinished, file);
  }

  async forget(): Promise<void> {
    await rm(this.file, { force: true });
  }
}

/** @param modified when the file had last been written to, in nanoseconds since 1970 */
export const placeAt = (offset: number, before: Buffer, modified: bigint, attempt: Place["attempt"] = null): Place => ({
  offset,
  before: spanOf(before),
  modified,
  attempt,
});
