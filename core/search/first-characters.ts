const LOW_SURROGATES = /[\udc00-\udfff]/g;

/** How many characters (code points, of which some take two of a string's units) a text has. */
export const lengthOf = (text: string): number => text.length - (text.match(LOW_SURROGATES)?.length ?? 0);

/** The first characters of a text. @param length how many; all when absent */
export function firstCharacters(text: string, length: number | undefined): string {
  if (length === undefined || text.length <= length) return text;
  let end = 0;
  for (let count = 0; count < length && end < text.length; count++)
    end += (text.codePointAt(end) ?? 0) > 0xffff ? 2 : 1;
  return text.slice(0, end);
}
