import { gunzipSync, inflateSync } from "node:zlib";
import { LIMITS } from "@/core/limits";

const GZIP = 0x1f8b;
/** The first byte of zlib (RFC 1950, 2.2): deflate, with a window of 32 KiB or less. JSON never begins so. */
const isZlib = (byte = 0) => (byte & 0x8f) === 0x08;

/**
 * The JSON text of a message that came over UDP, in gzip, zlib or plain.
 * @throws Error for broken data, and for more than LIMITS.entryBytes
 */
export function decompressGelf(message: Buffer): Buffer {
  const options = { maxOutputLength: LIMITS.entryBytes };
  if (message.length > 2 && message.readUInt16BE(0) === GZIP) return gunzipSync(message, options);
  return isZlib(message[0]) ? inflateSync(message, options) : message;
}
