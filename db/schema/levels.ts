/** Levels in rising order, so that `level >= 'error'` compares as people expect. */
export const LEVELS = ["trace", "debug", "info", "warning", "error", "fatal"] as const;

export type Level = (typeof LEVELS)[number];
