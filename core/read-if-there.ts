import { readFile } from "node:fs/promises";
import { ifThere } from "./if-there";

/** What a text file has; null when there is none. @throws Error when it can't be read */
export const readIfThere = (file: string): Promise<string | null> => ifThere(readFile(file, "utf8"));
