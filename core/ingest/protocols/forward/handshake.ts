import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { decode, encode } from "@msgpack/msgpack";
import { z } from "zod";
import { invalid } from "@/core/errors";

const NONCE_BYTES = 16;

const bytes = z.instanceof(Uint8Array);
const text = bytes.transform((value) => Buffer.from(value).toString());
/** Name of the client, salt, digest of the shared key; user and password follow, which are not asked for. */
const pingSchema = z.tuple([text.pipe(z.literal("PING")), bytes, bytes, text], z.unknown());

/** By which both sides show that they have the same key without sending it (forward protocol, "Handshake Messages"). */
export class Handshake {
  private readonly nonce = randomBytes(NONCE_BYTES);

  /** @param serverName that the digest of the answer is made with */
  constructor(
    private readonly sharedKey: string,
    private readonly serverName: string,
  ) {}

  /** What the server says first. */
  get hello(): Uint8Array {
    return encode(["HELO", { nonce: this.nonce, auth: "", keepalive: true }]);
  }

  /**
   * @param message the client's first
   * @throws Fault invalid for another message
   */
  answer(message: Buffer): { isRight: boolean; pong: Uint8Array } {
    const parsed = pingSchema.safeParse(decoded(message));
    if (!parsed.success)
      throw invalid("the first message must be PING: the sender has no shared key, and one is set here");
    const [, clientName, salt, digest] = parsed.data;
    const isRight = isEqual(digest, this.digest(salt, clientName));
    const pong = isRight
      ? ["PONG", true, "", this.serverName, this.digest(salt, this.serverName)]
      : ["PONG", false, "shared_key mismatch", "", ""];
    return { isRight, pong: encode(pong) };
  }

  private digest(salt: Uint8Array, name: string | Uint8Array): string {
    return createHash("sha512").update(salt).update(name).update(this.nonce).update(this.sharedKey).digest("hex");
  }
}

function decoded(message: Buffer): unknown {
  try {
    // Fluent Bit's salt is random bytes in a string, which is no UTF-8.
    return decode(message, { rawStrings: true });
  } catch {
    return null;
  }
}

function isEqual(given: string, right: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(right)];
  return one.length === other.length && timingSafeEqual(one, other);
}
