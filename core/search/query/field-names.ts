import { fold } from "./fold";
import type { Field } from "./query-tree";

const NAMES: Readonly<Record<string, Exclude<Field["name"], "attribute">>> = {
  message: "message",
  msg: "message",
  service: "service",
  level: "level",
  tags: "tags",
  tag: "tags",
  timestamp: "timestamp",
  pattern: "pattern",
};

/** The field of every entry that a query calls so, in any case; null for the path of an attribute. */
export function knownField(name: string): Exclude<Field["name"], "attribute"> | null {
  const folded = fold(name);
  return Object.hasOwn(NAMES, folded) ? (NAMES[folded] ?? null) : null;
}

/** What a name in a query means. @param name null for a word without one, which asks for the message */
export function fieldOf(name: string | null): Field {
  if (name === null) return { name: "message" };
  const known = knownField(name);
  return known ? { name: known } : { name: "attribute", path: fold(name).split(".") };
}
