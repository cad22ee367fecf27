/** Whether text is a signed 64-bit number, as a pattern's id is. */
export const isPatternId = (text: string): boolean =>
  /^-?\d{1,19}$/.test(text) && BigInt.asIntN(64, BigInt(text)) === BigInt(text);
