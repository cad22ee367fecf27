/** Attempts after the first one, for every function. */
export const RETRIES = 3;
