const SPECIAL = /[\s()":<>/\\*-]/;

/** A value as the query language takes it: as it stands, or in quotes. */
export const quoteValue = (text: string): string =>
  text === "" || SPECIAL.test(text) ? `"${text.replaceAll(/["\\]/g, "\\$&")}"` : text;
