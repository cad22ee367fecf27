import { createHash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type { S3 } from "@aws-sdk/client-s3";
import { SECOND_MS } from "@/core/clock";
import type { FileCache } from "./file-cache";
import { type Measured, measure } from "./measure";
import { type HeldFile, MARK_FILE, type SegmentStore, type StoredFile, type StoredSegment } from "./segment-store";
import { isUnreadable, Unreadable } from "./unreadable";

/** A place in a bucket. */
export type BucketPlace = {
  bucket: string;
  /** Without slashes at its ends; empty for the whole bucket. */
  prefix: string;
  /** The bucket stands in the path of URLs, not in the name of the host. */
  pathStyle: boolean;
};

const silent = () => undefined;
const SILENT = { trace: silent, debug: silent, info: silent, warn: silent, error: silent };

const SEGMENT = ".parquet";
/** A transfer is tried so often, with a wait that grows. */
const TRIES = 3;
const CONNECT_MS = 2 * SECOND_MS;
/** Without a byte. */
const SILENCE_MS = 15 * SECOND_MS;

/**
 * A bucket of S3, or of what speaks its protocol. What is read is kept in a local cache as whole files, whose checksums are compared
 * when they are loaded. Credentials, region and endpoint are those that the SDK finds in the environment and in its files.
 */
export class S3Store implements SegmentStore {
  readonly name: string;
  readonly localFolder: string;
  readonly isRemote = true;
  private client: Promise<S3> | null = null;

  constructor(
    private readonly place: BucketPlace,
    private readonly cache: FileCache,
  ) {
    this.name = `s3://${[place.bucket, place.prefix].filter((part) => part !== "").join("/")}`;
    this.localFolder = cache.folder;
  }

  async put(segment: StoredSegment, localFile: string): Promise<void> {
    const { path, bytes, checksum } = segment;
    try {
      await this.tried(async (s3) => {
        const body = createReadStream(localFile);
        try {
          await s3.putObject({
            ...this.at(path),
            Body: body,
            ContentLength: bytes,
            ChecksumSHA256: Buffer.from(checksum, "hex").toString("base64"),
          });
        } finally {
          // What was refused early is not read to its end, and so would stay open.
          body.destroy();
        }
      });
      // Not every server compares the checksum; this reads it all back, and who reads next has it here.
      (await this.hold(segment)).release();
    } catch (error) {
      await this.remove(path).catch(() => undefined);
      throw new Error(`${path} could not be stored in ${this.name}: ${wordsOf(error)}`, { cause: error });
    }
  }

  hold(segment: StoredSegment, signal?: AbortSignal): Promise<HeldFile> {
    const load = (file: string) => this.tried((s3) => this.download(s3, segment, file));
    return this.cache.hold(segment.path, segment.bytes, load, signal);
  }

  holdCopy({ path }: StoredSegment): Promise<HeldFile | null> {
    return this.cache.holdIfThere(path);
  }

  async open(path: string): Promise<Readable> {
    return this.get(await this.connect(), path);
  }

  measure(path: string): Promise<Measured> {
    return this.tried(async (s3) => measure(await this.get(s3, path)));
  }

  async forgetCopy(path: string): Promise<boolean> {
    this.cache.forget(path);
    // Somebody else may have dropped it just before; what is loaded anew is compared with its checksum.
    return true;
  }

  async remove(path: string): Promise<void> {
    this.cache.forget(path);
    const s3 = await this.connect();
    await s3.deleteObject(this.at(path));
  }

  async *list(ending = SEGMENT): AsyncGenerator<StoredFile> {
    const s3 = await this.connect();
    const root = this.at("").Key;
    let next: string | undefined;
    do {
      const page = await s3.listObjectsV2({ Bucket: this.place.bucket, Prefix: root, ContinuationToken: next });
      for (const { Key: key, Size: bytes, LastModified: modifiedAt } of page.Contents ?? []) {
        if (!key?.endsWith(ending) || bytes === undefined || !modifiedAt) continue;
        yield { path: key.slice(root.length), bytes, modifiedAt };
      }
      next = page.NextContinuationToken;
    } while (next !== undefined);
  }

  async readMark(signal?: AbortSignal): Promise<string | null> {
    const s3 = await this.connect();
    try {
      const { Body: body } = await s3.getObject(this.at(MARK_FILE), { ...(signal ? { abortSignal: signal } : {}) });
      return (await body?.transformToString())?.trim() ?? null;
    } catch (error) {
      if (isNotThere(error)) return null;
      throw new Error(wordsOf(error), { cause: error });
    }
  }

  async writeMark(mark: string): Promise<void> {
    const s3 = await this.connect();
    await s3.putObject({ ...this.at(MARK_FILE), Body: `${mark}\n` });
  }

  private at(path: string): { Bucket: string; Key: string } {
    const { bucket, prefix } = this.place;
    return { Bucket: bucket, Key: prefix === "" ? path : `${prefix}/${path}` };
  }

  private async get(s3: S3, path: string): Promise<Readable> {
    try {
      const { Body: body } = await s3.getObject(this.at(path));
      if (body instanceof Readable) return body;
    } catch (error) {
      if (!isNotThere(error)) throw error;
      throw new Unreadable("missing", `${path} is not in ${this.name}`);
    }
    throw new Error(`${path} came without a body`);
  }

  private async download(s3: S3, { path, bytes, checksum }: StoredSegment, file: string): Promise<void> {
    const hash = createHash("sha256");
    let length = 0;
    await pipeline(
      await this.get(s3, path),
      async function* (pieces: AsyncIterable<Buffer>) {
        for await (const piece of pieces) {
          hash.update(piece);
          length += piece.length;
          yield piece;
        }
      },
      createWriteStream(file),
    );
    if (hash.digest("hex") !== checksum) {
      throw new Unreadable("damaged", `${path} is not what was stored: it has ${length} bytes of ${bytes}, or others`);
    }
  }

  /** Tries a transfer again that broke off; what the server refuses is refused. */
  private async tried<Result>(transfer: (s3: S3) => Promise<Result>): Promise<Result> {
    const s3 = await this.connect();
    for (let tries = 1; ; tries++) {
      try {
        return await transfer(s3);
      } catch (error) {
        if (tries === TRIES || isUnreadable(error) || isRefused(error)) throw error;
        await sleep(tries * SECOND_MS);
      }
    }
  }

  /** The SDK is large, so it is loaded when a bucket is used. */
  private connect(): Promise<S3> {
    this.client ??= import("@aws-sdk/client-s3").then(
      ({ S3 }) =>
        new S3({
          forcePathStyle: this.place.pathStyle,
          // What fails is told where it is asked for.
          logger: SILENT,
          requestHandler: { connectionTimeout: CONNECT_MS, socketTimeout: SILENCE_MS },
          // Checksums are compared here, and not every server knows those that the SDK would add.
          requestChecksumCalculation: "WHEN_REQUIRED",
          responseChecksumValidation: "WHEN_REQUIRED",
        }),
    );
    return this.client;
  }
}

/** @returns of an answer of the server, 0 when there was none */
function statusOf(error: unknown): number {
  if (!(error instanceof Error) || !("$metadata" in error)) return 0;
  const { $metadata: metadata } = error;
  if (typeof metadata !== "object" || metadata === null || !("httpStatusCode" in metadata)) return 0;
  return Number(metadata.httpStatusCode ?? 0);
}

/** The bucket is there, and what was asked for is not in it. */
const isNotThere = (error: unknown): boolean =>
  error instanceof Error && statusOf(error) === 404 && error.name !== "NoSuchBucket";

function isRefused(error: unknown): boolean {
  const status = statusOf(error);
  return status >= 400 && status < 500 && status !== 408 && status !== 429;
}

/** The SDK puts what happened into the name: AccessDenied, NoSuchBucket, TimeoutError. */
function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (/region is missing/i.test(error.message)) return "no region is set: AWS_REGION names it";
  return error.name === "Error" ? error.message : `${error.name}: ${error.message}`;
}
