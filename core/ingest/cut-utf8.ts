/** The largest length up to `limit` at which valid UTF-8 can be cut without splitting a character. */
export function cutUtf8(text: Uint8Array, limit: number): number {
  if (text.length <= limit) return text.length;
  let at = limit;
  while (at > 0 && ((text[at] as number) & 0xc0) === 0x80) at--;
  return at;
}
