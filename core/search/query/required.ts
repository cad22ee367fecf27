import { LEVELS, type Level } from "@/core/levels";
import { fold } from "./fold";
import type { QueryNode } from "./query-tree";
import { testText } from "./to-predicate";

/** What every entry that a query selects has: null for no restriction. The counts are kept by just these two. */
export type Required = { services: string[] | null; levels: Level[] | null };

/** Reads it off the tests that must all hold. @param services names of all services */
export function requiredOf(node: QueryNode, services: readonly string[]): Required {
  const required: Required = { services: null, levels: null };
  for (const child of node.kind === "and" ? node.children : [node]) {
    if (child.kind !== "match") continue;
    const { field, test } = child;
    if (field.name === "service") {
      required.services = (required.services ?? services).filter((name) => testText(test, fold(name)));
    } else if (test.op === "levels") {
      required.levels = (required.levels ?? [...LEVELS]).filter((level) => test.levels.includes(LEVELS.indexOf(level)));
    }
  }
  return required;
}
