/** The levels of an entry, for whoever may not know the database. */
export { LEVELS, type Level } from "@/db/schema/levels";
