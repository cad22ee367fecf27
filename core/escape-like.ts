/** A text as it stands in a LIKE pattern of PostgreSQL, with a backslash as its escape: nothing in it is a wildcard. */
export const escapeLike = (text: string): string => text.replaceAll(/[\\%_]/g, "\\$&");
