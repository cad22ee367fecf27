import { fold } from "./fold";
import type { Value } from "./tokenise";

/** The parts of a word between its stars, or a phrase as one, in the letters by which texts are compared. */
export const patternOf = (value: Exclude<Value, { kind: "regex" }>): string[] =>
  value.kind === "phrase" ? [fold(value.text)] : value.parts.map(fold);
