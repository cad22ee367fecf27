import type { Level } from "@/core/levels";
import { LEVELS } from "@/core/levels";
import { attributeTexts, NUMBER } from "./attribute-texts";
import { fold } from "./fold";
import { matchesPattern } from "./match-pattern";
import { matchesRegex } from "./match-regex";
import type { Comparison, Match, QueryNode, Test } from "./query-tree";

/** What a query is held against. `attributes` is JSON text, as it is stored. */
type StoredFields = {
  /** Of its timestamp, since 1970, as decimal text. */
  micros: string;
  service: string;
  level: Level;
  message: string;
  /** Id, as decimal text. */
  pattern: string | null;
  tags: readonly string[] | null;
  attributes: string | null;
};

/** The same with its texts folded, made by foldEntry: once, for however many predicates. */
export type FoldedEntry = Omit<StoredFields, "micros"> & { micros: number; isFolded: true };

export const foldEntry = ({
  micros,
  service,
  level,
  message,
  pattern,
  tags,
  attributes,
}: StoredFields): FoldedEntry => ({
  micros: Number(micros),
  service: fold(service),
  level,
  message: fold(message),
  pattern,
  tags: tags?.map(fold) ?? null,
  attributes,
  isFolded: true,
});

export type Predicate = (entry: FoldedEntry) => boolean;

/** Compiles a query for entries in memory. It selects what toSql selects (a property test holds them together). */
export function toPredicate(node: QueryNode): Predicate {
  switch (node.kind) {
    case "and": {
      const predicates = node.children.map(toPredicate);
      return (entry) => predicates.every((matches) => matches(entry));
    }
    case "or": {
      const predicates = node.children.map(toPredicate);
      return (entry) => predicates.some((matches) => matches(entry));
    }
    case "not": {
      const matches = toPredicate(node.child);
      return (entry) => !matches(entry);
    }
    case "match":
      return matchPredicate(node);
  }
}

function matchPredicate({ field, test }: Match): Predicate {
  switch (field.name) {
    case "message":
      return ({ message }) => testText(test, message);
    case "service":
      return ({ service }) => testText(test, service);
    case "tags":
      return ({ tags }) => tags?.some((tag) => testText(test, tag)) === true;
    case "level":
      return ({ level }) => test.op === "levels" && test.levels.includes(LEVELS.indexOf(level));
    case "pattern":
      return ({ pattern }) =>
        pattern !== null && test.op === "patterns" && (test.ids === null || test.ids.includes(pattern));
    case "timestamp":
      return ({ micros }) => test.op === "compare" && compare(micros, test.comparison, test.value);
    case "attribute":
      return ({ attributes }) =>
        attributes !== null && attributeTexts(attributes, field.path).some((text) => testText(test, fold(text)));
  }
}

/** A test of folded text. */
export function testText(test: Test, text: string): boolean {
  switch (test.op) {
    case "contains":
    case "equals":
      return matchesPattern(test.pattern, text, test.op);
    case "regex":
      return matchesRegex(test.regex, text);
    case "compare":
      return NUMBER.test(text) && compare(Number(text), test.comparison, test.value);
    case "levels":
    case "patterns":
      return false;
  }
}

/** Both are numbers, or both are texts, which compare by their characters. */
export function compare(value: number | string, comparison: Comparison, to: number | string): boolean {
  switch (comparison) {
    case ">=":
      return value >= to;
    case "<=":
      return value <= to;
    case ">":
      return value > to;
    case "<":
      return value < to;
  }
}
