const PAIR = String.raw`\\u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}`;
/** Each escape of JSON text (RFC 8259, section 7), two that make a pair of surrogates as one. */
const ESCAPES = new RegExp(String.raw`${PAIR}|\\u[\da-fA-F]{4}|\\.`, "g");
/** NUL, which PostgreSQL has no text for, and half a surrogate pair, which UTF-8 has none for. */
const UNSTORABLE = /^\\u(?:0000|[dD][89a-fA-F][\da-fA-F]{2})$/;
const REPLACEMENT = String.raw`\ufffd`;

/**
 * JSON text in which what can't be stored is the replacement character, so that an entry is not lost for it whose sender nobody can tell. It has
 * the same length.
 * @param json good JSON text
 */
export function withoutUnstorable(json: Buffer): Buffer {
  const replaced = json.toString("latin1").replace(ESCAPES, (one) => (UNSTORABLE.test(one) ? REPLACEMENT : one));
  return Buffer.from(replaced, "latin1");
}
