import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";

const VERSION = "sealed1";
/** Of every sealed text. */
export const SEALED_START = `${VERSION}.`;
const CIPHER = "aes-256-gcm";
const KEY_BYTES = 32;
/** Of GCM (NIST SP 800-38D, 8.2.2): random ones of 96 bits are safe for 2^32 texts. */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Derives a key of its own for each use (RFC 5869), so that none tells anything of another. */
export const deriveKey = (secret: string, use: string): Buffer =>
  Buffer.from(hkdfSync("sha256", secret, "", `cordwood ${use}`, KEY_BYTES));

/** What was sealed with another secret, or was changed. */
export class SealError extends Error {}

/** Encrypts texts that must be stored but nobody may read in the database: AES-256-GCM, which notices any change too. */
export class SecretBox {
  private readonly key: Buffer;

  constructor(secret: string) {
    this.key = deriveKey(secret, "sealed texts");
  }

  /** @param use what the text is: it can't be opened as something else */
  seal(text: string, use: string): string {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(CIPHER, this.key, nonce).setAAD(Buffer.from(use));
    const sealed = Buffer.concat([nonce, cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()]);
    return `${SEALED_START}${sealed.toString("base64url")}`;
  }

  /** @throws SealError */
  open(sealed: string, use: string): string {
    if (!sealed.startsWith(SEALED_START)) throw new SealError("this is no sealed text");
    const bytes = Buffer.from(sealed.slice(SEALED_START.length), "base64url");
    if (bytes.length < NONCE_BYTES + TAG_BYTES) throw new SealError("the sealed text is too short");
    const decipher = createDecipheriv(CIPHER, this.key, bytes.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
    decipher.setAAD(Buffer.from(use)).setAuthTag(bytes.subarray(-TAG_BYTES));
    try {
      const text = decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES));
      return Buffer.concat([text, decipher.final()]).toString("utf8");
    } catch {
      throw new SealError("it was sealed with another secret, or changed since");
    }
  }
}
