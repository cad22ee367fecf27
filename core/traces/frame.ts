/** A frame of a stack trace: how many lines it has, and the library that it is of; null for one's own code. */
export type Frame = { lines: number; library: string | null };

/** Reads the frame that begins at a line of a text; null when none does. */
export type ReadFrame = (lines: readonly string[], at: number) => Frame | null;
