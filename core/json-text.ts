/** No string of ours holds NUL, since PostgreSQL can't store it: what JSON.stringify makes of this is ours alone. */
const MARK = "\0json-text:";
const PLACES = /"\\u0000json-text:(\d+)"/g;

/** What the JSON.stringify that runs has met; it runs to its end without anything in between. */
let met: string[] | null = null;

/** JSON text that goes into an answer as it stands: parsed and made again, its numbers would lose digits. */
export class JsonText {
  constructor(readonly text: string) {}

  /** @throws TypeError outside of stringifyJson, which alone can put the text in */
  toJSON(): string {
    if (!met) throw new TypeError("JSON text is made into an answer by stringifyJson");
    met.push(this.text);
    return `${MARK}${met.length - 1}`;
  }
}

/**
 * JSON.stringify, in which each JsonText stands as its own text.
 * @throws TypeError as JSON.stringify does
 */
export function stringifyJson(value: unknown): string {
  const texts: string[] = [];
  met = texts;
  try {
    const json = JSON.stringify(value);
    return texts.length === 0 ? json : json.replace(PLACES, (place, index: string) => texts[Number(index)] ?? place);
  } finally {
    met = null;
  }
}
