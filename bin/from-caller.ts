import path from "node:path";

/** A path as whoever started the program means it: npm runs programs in the project's folder, wherever it was called. */
export const fromCaller = (named: string): string => path.resolve(process.env.INIT_CWD ?? process.cwd(), named);
