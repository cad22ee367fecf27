/** `trouble`: something does not work; `look`: it works, and somebody should look. */
export type FindingState = "ok" | "look" | "trouble";

/** What was found of one part of an installation. */
export type Finding = {
  /** What was looked at, such as "database". */
  part: string;
  state: FindingState;
  /** In a sentence. */
  says: string;
  /** What to do, in a sentence; null when there is nothing to be done. */
  todo: string | null;
};

/** Findings of a part that is well, that should be looked at, and that keeps Cordwood from working. */
export const ok = (part: string, says: string): Finding => ({ part, state: "ok", says, todo: null });
export const look = (part: string, says: string, todo: string): Finding => ({ part, state: "look", says, todo });
export const trouble = (part: string, says: string, todo: string): Finding => ({ part, state: "trouble", says, todo });
