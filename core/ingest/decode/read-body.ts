import { pipeline, Readable, Transform } from "node:stream";
import zlib from "node:zlib";
import { Fault, invalid, tooLarge, unsupported } from "@/core/errors";
import { LIMITS } from "@/core/limits";

/** In pieces, as they arrive. */
export type Body = AsyncIterable<Uint8Array>;

const PIECE_BYTES = 256 * 1024;

/** Bytes that are in memory, as a body. Each piece is a copy with memory of its own, which its reader may hand over to another thread. */
export async function* bodyOf(bytes: Uint8Array): AsyncGenerator<Buffer> {
  for (let from = 0; from < bytes.length; from += PIECE_BYTES)
    yield Buffer.from(new Uint8Array(bytes.subarray(from, from + PIECE_BYTES)).buffer);
}

export type BodyBounds = {
  /** After decompression. */
  bytes: number;
  /** How long the sender may be silent. */
  idleMs: number;
};

const BOUNDS: BodyBounds = { bytes: LIMITS.bodyBytes, idleMs: LIMITS.bodyIdleMs };

/**
 * The bytes of a body as they arrive, decompressed, never more than its bounds let be.
 * @param encodings of the header Content-Encoding, in its order; empty for none
 * @throws Fault unsupported, too_large, timed_out, or invalid for a body that is not what its encoding says or that breaks off
 */
export async function* readBody(
  body: Body | null,
  encodings: readonly string[],
  { bytes, idleMs }: BodyBounds = BOUNDS,
): AsyncGenerator<Buffer> {
  if (body) yield* decompressed(receive(body, idleMs), encodings, bytes);
}

/**
 * What pieces are without their Content-Encoding.
 * @param most bytes that it may be
 * @throws Fault unsupported, too_large, or invalid for what is not what its encoding says
 */
export async function* decompressed(
  pieces: AsyncIterable<Buffer>,
  encodings: readonly string[],
  most: number = LIMITS.bodyBytes,
): AsyncGenerator<Buffer> {
  const decompressors = encodings.filter((name) => name !== "identity").map(decompressorFor);
  if (decompressors.length > 1) throw unsupported("a body with more than one Content-Encoding is not supported");
  const [decompressor] = decompressors;
  let total = 0;
  for await (const chunk of decompressor ? decompress(pieces, decompressor) : pieces) {
    total += chunk.length;
    if (total > most) throw tooLarge(`the body is larger than ${most} bytes; send it in parts`);
    yield chunk;
  }
}

function decompressorFor(encoding: string): Transform {
  if (encoding === "gzip" || encoding === "x-gzip") return zlib.createGunzip();
  if (encoding === "deflate") return zlib.createInflate();
  if (encoding === "br") return zlib.createBrotliDecompress();
  if (encoding === "zstd") {
    // Node.js has zstd from 22.15 on.
    const create: unknown = Reflect.get(zlib, "createZstdDecompress");
    const made: unknown = typeof create === "function" ? create() : undefined;
    if (made instanceof Transform) return made;
  }
  throw unsupported(`Content-Encoding "${encoding}" is not supported; use gzip, deflate, br or none`);
}

/** What the sender sends; gives up on one that is silent for too long or that went away. */
export async function* receive(body: Body, idleMs: number = LIMITS.bodyIdleMs): AsyncGenerator<Buffer> {
  const pieces = body[Symbol.asyncIterator]();
  let giveUp: (error: Fault) => void = () => undefined;
  // One for all pieces, and no race of promises, since most bodies are one small piece. While nobody waits it is without effect.
  const timer = setTimeout(() => giveUp(silent(idleMs)), idleMs);
  const next = () =>
    new Promise<IteratorResult<Uint8Array>>((resolve, reject) => {
      giveUp = reject;
      timer.refresh();
      pieces.next().then(resolve, reject);
    });
  try {
    for (;;) {
      const { done, value } = await next();
      if (done) return;
      yield Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    }
  } catch (error) {
    throw error instanceof Fault ? error : invalid("the body broke off before its end");
  } finally {
    clearTimeout(timer);
    // Not waited for: a sender that is silent would be.
    pieces.return?.().catch(() => undefined);
  }
}

const silent = (idleMs: number) => new Fault("timed_out", `the sender was silent for ${idleMs / 1000} seconds`);

async function* decompress(source: AsyncIterable<Buffer>, decompressor: Transform): AsyncGenerator<Buffer> {
  // The error of either side comes out of the loop below.
  pipeline(Readable.from(source), decompressor, () => undefined);
  try {
    for await (const chunk of decompressor) yield chunk;
  } catch (error) {
    if (error instanceof Fault) throw error;
    throw invalid(`the body can't be decompressed: ${error instanceof Error ? error.message : "broken data"}`);
  } finally {
    decompressor.destroy();
  }
}
