/** Terminals' colours (ECMA-48, 8.3.117): they say nothing on a page. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: an escape sequence begins with one
const COLOURS = /\u001b\[[0-9;:]*m/g;

/** Control characters but line breaks and tabs, and those that turn the direction of text (Unicode, UAX #9, 2). */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const HIDDEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/**
 * What others wrote, for a page: without colours, and what could not be seen or would show other text in another order is
 * shown by its number, such as ⟨202E⟩.
 */
export const plainText = (text: string): string =>
  text
    .replaceAll("\r\n", "\n")
    .replaceAll(COLOURS, "")
    .replaceAll(HIDDEN, (character) => {
      const code = character.codePointAt(0) ?? 0;
      return `⟨${code.toString(16).toUpperCase().padStart(4, "0")}⟩`;
    });
