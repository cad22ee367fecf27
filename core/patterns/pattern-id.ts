/** Stands for all messages above the limit of distinct patterns, which have no page and no lines of their own. */
export const OTHER_PATTERN = 0n;

/** Whether the id of a pattern, as the API gives it, is OTHER_PATTERN. */
export const isOtherPattern = (pattern: string): boolean => pattern === String(OTHER_PATTERN);
