/**
 * Lower case, character by character, as PostgreSQL's collation pg_c_utf8 does it (Unicode's simple mappings): JavaScript's own
 * toLowerCase looks at neighbours (final sigma) and makes two characters of one, so the two sides would differ.
 */
export function fold(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: this is all of ASCII
  if (/^[\x00-\x7f]*$/.test(text)) return text.toLowerCase();
  let folded = "";
  for (const character of text) folded += character === "\u0130" ? "i" : character.toLowerCase();
  return folded;
}
