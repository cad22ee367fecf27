const LEAST_DIGITS = 13;
const MOST_DIGITS = 19;

const START_DIGITS = 4;
/** Where a number may begin: networks of cards have the first digits 2 to 6, and no separator stands within the first four. */
const START = /(?<![\d.])[2-6]\d{3}/g;

/**
 * Replaces card numbers: 13 to 19 digits, single spaces or hyphens between them, with a right check digit (Luhn, ISO/IEC 7812-1,
 * annex B). What follows one behind a separator may be digits too, such as a date: of all numbers that begin at a place the longest is taken.
 */
export function replaceCards(text: string, replacement: () => string): string {
  let replaced = "";
  let done = 0;
  START.lastIndex = 0;
  while (START.test(text)) {
    const from = START.lastIndex - START_DIGITS;
    const end = endOfCard(text, from);
    if (end < 0) continue;
    replaced += text.slice(done, from) + replacement();
    done = end;
    START.lastIndex = end;
  }
  return done === 0 ? text : replaced + text.slice(done);
}

/** @returns where the longest card number ends that begins there, or -1 */
function endOfCard(text: string, from: number): number {
  let end = -1;
  let digits = 0;
  // Which digits count double depends on how many follow: both sums are kept, for an even count of all and for an odd one.
  let even = 0;
  let odd = 0;
  for (let at = from; digits < MOST_DIGITS; at++) {
    const digit = digitAt(text, at);
    if (digit < 0) {
      if (isSeparator(text, at) && digitAt(text, at + 1) >= 0) continue;
      break;
    }
    const doubled = digit > 4 ? digit * 2 - 9 : digit * 2;
    even += digits % 2 === 0 ? doubled : digit;
    odd += digits % 2 === 0 ? digit : doubled;
    digits++;
    const sum = digits % 2 === 0 ? even : odd;
    if (digits >= LEAST_DIGITS && sum % 10 === 0 && !goesOn(text, at + 1)) end = at + 1;
  }
  return end;
}

/** Whether more of the same number follows, without a separator. */
function goesOn(text: string, at: number): boolean {
  return digitAt(text, at) >= 0 || (text[at] === "." && digitAt(text, at + 1) >= 0);
}

function digitAt(text: string, at: number): number {
  const digit = text.charCodeAt(at) - 0x30;
  return digit >= 0 && digit <= 9 ? digit : -1;
}

function isSeparator(text: string, at: number): boolean {
  return text[at] === " " || text[at] === "-";
}
