import { stripVTControlCharacters } from "node:util";

/** With which every sequence for terminals begins (ECMA-48, section 5.3). */
const ESCAPE = "\u001b";

/** A text without what is meant for a terminal: colours, and whatever else moves or hides. */
export const withoutAnsi = (text: string): string =>
  text.includes(ESCAPE) ? stripVTControlCharacters(text).replaceAll(ESCAPE, "") : text;
