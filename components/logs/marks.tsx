"use client";

import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from "react";
import { plainText } from "@/components/shared/plain-text";
import { fieldOf } from "@/core/search/query/field-names";
import { findWord, isWord, joinRanges, type Range } from "@/core/search/query/find-ranges";
import type { findRegex } from "@/core/search/query/find-regex";
import type { Field } from "@/core/search/query/query-tree";
import { type SearchedTerm, searchedTerms } from "@/core/search/query/searched-terms";
import classes from "./marks.module.css";

type FindRegex = typeof findRegex;

/** Says where in an entry stands what was searched for. */
class Marks {
  constructor(
    private readonly terms: readonly SearchedTerm[],
    /** Null until it is loaded. */
    private readonly findRegex: FindRegex | null,
  ) {}

  /** In a message, or a part of one. */
  inMessage(text: string): Range[] {
    const ranges = this.terms.flatMap(({ field, value }) => {
      if (field.name !== "message") return [];
      return value.kind === "regex" ? (this.findRegex?.(value.source, text) ?? []) : findWord(value, text);
    });
    return joinRanges(ranges);
  }

  /** In the value of a field. @param name as the query language calls it */
  inField(name: string, text: string): Range[] {
    const asked = fieldOf(name);
    const ranges = this.terms.flatMap(({ field, value, isCompared }) => {
      if (!isSameField(field, asked)) return [];
      if (value.kind === "regex") return this.findRegex?.(value.source, text) ?? [];
      return isCompared || isWord(value, text) ? [{ from: 0, to: text.length }] : [];
    });
    return joinRanges(ranges);
  }
}

const isSameField = (one: Field, other: Field) =>
  one.name === other.name &&
  (one.name !== "attribute" || other.name !== "attribute" || one.path.join(".") === other.path.join("."));

const MarksContext = createContext(new Marks([], null));

/** @param q the query by which the entries within were found */
export function MarksProvider({ q, children }: { q: string; children: ReactNode }) {
  const terms = useMemo(() => searchedTerms(q), [q]);
  const findRegex = useFindRegex(terms.some(({ value }) => value.kind === "regex"));
  const marks = useMemo(() => new Marks(terms, findRegex), [terms, findRegex]);
  return <MarksContext value={marks}>{children}</MarksContext>;
}

export const useMarks = () => useContext(MarksContext);

/** The engine of regular expressions, loaded when a query has one. */
function useFindRegex(isNeeded: boolean): FindRegex | null {
  const [loaded, setLoaded] = useState<{ findRegex: FindRegex } | null>(null);
  useEffect(() => {
    // Without it nothing is marked, and all else is there.
    if (isNeeded) import("@/core/search/query/find-regex").then(setLoaded, () => undefined);
  }, [isNeeded]);
  return isNeeded ? (loaded?.findRegex ?? null) : null;
}

/** Text that others wrote, with parts of it marked. @param ranges in their order, none over another */
export function MarkedText({ text, ranges }: { text: string; ranges: readonly Range[] }) {
  if (ranges.length === 0) return plainText(text);
  return ranges.map(({ from, to }, index) => (
    <span key={from}>
      {plainText(text.slice(ranges[index - 1]?.to ?? 0, from))}
      <mark className={classes.mark}>{plainText(text.slice(from, to))}</mark>
      {index === ranges.length - 1 && plainText(text.slice(to))}
    </span>
  ));
}
