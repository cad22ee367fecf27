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
