import { inQuotes } from "@/core/search/query/quote-value";

/** A name of a field or a column as it is behind a pipe, in quotes where something in it means something else there. */
export const writtenName = (name: string): string => (/^(?!\*)[^\s(),|"'=<>!]+$/.test(name) ? name : inQuotes(name));
