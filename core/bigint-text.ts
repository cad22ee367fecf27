/** Whether text is a signed 64-bit number, which is what PostgreSQL's bigint holds. */
export const isBigint = (text: string): boolean =>
  /^-?\d{1,19}$/.test(text) && BigInt.asIntN(64, BigInt(text)) === BigInt(text);
