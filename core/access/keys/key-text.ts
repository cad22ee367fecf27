import { createHash, randomBytes } from "node:crypto";

/** By which secret scanners and people recognise one. */
export const KEY_PREFIX = "cw_";
const BYTES = 32;
const SHOWN_CHARACTERS = 10;

/** A new key: 256 random bits, so that a plain hash of it can't be guessed back. */
export const newKeyText = (): string => `${KEY_PREFIX}${randomBytes(BYTES).toString("base64url")}`;

/** Whether a text is a key of ours, known or not. */
export const isKeyText = (text: string): boolean => /^cw_[\w-]{43}$/.test(text);

/** The part that may be shown. */
export const startOf = (key: string): string => key.slice(0, SHOWN_CHARACTERS);

/** SHA-256, hexadecimal: of keys and of the tokens of links. */
export const hashOf = (text: string): string => createHash("sha256").update(text).digest("hex");
