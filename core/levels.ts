import { LEVELS, type Level } from "@/db/schema/levels";

/** The levels of an entry, for whoever may not know the database. */
export { LEVELS, type Level };

const NAMES: ReadonlySet<string> = new Set(LEVELS);

export const isLevel = (text: string | undefined): text is Level => text !== undefined && NAMES.has(text);
