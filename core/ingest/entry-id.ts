/**
 * An entry's id is the number of the transaction that wrote it, then, in so many bits, its place in there. So ids are unique
 * without asking for one each, entries with one timestamp keep the order in which they came, and an id tells
 * which transaction wrote it (ADR 9).
 */
export const ORDINAL_BITS = 24;

/** Entries of one transaction: more than a request of LIMITS.bodyBytes can hold. */
export const MOST_ORDINALS = 2 ** ORDINAL_BITS;

/** The transaction that wrote the entry, as decimal text. */
export const transactionOf = (id: string): string => String(BigInt(id) >> BigInt(ORDINAL_BITS));
