/** What stands for a key in configurations whose sender wants one, where nobody has an account (core/senders). */
export const NO_KEY = "none";

/** As NO_KEY; the other is what seq-logging sends when it has none. */
const NO_KEYS = [NO_KEY, "null"];

/** Whether what stands in the place of a key says that there is none. */
export const isNoKey = (text: string): boolean => NO_KEYS.includes(text);
