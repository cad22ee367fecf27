"use client";

import { useQueries } from "@tanstack/react-query";
import { useCallback, useEffect, useState } from "react";
import { type Entry, searchAnswerSchema } from "@/core/search/schemas";
import { fetchData } from "./fetch-data";
import { FIRST_PAGES, goOn, learnPage, lookAt, rowsOf, type SearchPages } from "./search-pages";
import type { Asked } from "./use-logs";

const PAGE = 200;

/** A list of entries of which not all are in memory. */
export type EntryRows = {
  count: number;
  /** Undefined while it is on its way. */
  at(row: number): Entry | undefined;
  /** -1 for an entry that is not in memory. */
  indexOf(id: string): number;
};

export type Search = ReturnType<typeof useSearch>;

/** What a search finds, newest first, fetched page by page as it is looked at. */
export function useSearch({ query, askedMs }: Asked) {
  const search = `${query} ${askedMs}`;
  const [state, setState] = useState({ search, pages: FIRST_PAGES });
  // Another search begins anew, with the rendering in which it comes.
  const pages = state.search === search ? state.pages : FIRST_PAGES;
  const change = useCallback(
    (to: (pages: SearchPages) => SearchPages) =>
      setState((before) => {
        const known = before.search === search ? before.pages : FIRST_PAGES;
        const next = to(known);
        return next === known && before.search === search ? before : { search, pages: next };
      }),
    [search],
  );
  // The first page stays: it says what the query was taken for.
  const places = [...new Set([0, ...pages.held])].sort((one, other) => one - other);
  const held = places.flatMap((place) => pages.starts.slice(place, place + 1));
  const results = useQueries({ queries: held.map(({ cursor }) => pageQuery({ query, askedMs }, cursor)) });
  const loaded = held.flatMap((start, index) => {
    const page = results[index]?.data;
    return page ? [{ ...start, page }] : [];
  });
  useEffect(() => {
    for (const { cursor, page } of loaded) change((known) => learnPage(known, cursor, page));
  });
  const failed = results.find(({ isError }) => isError);
  const rows: EntryRows = {
    count: rowsOf(pages),
    at: (row) => {
      const found = loaded.findLast((start) => start.row <= row);
      return found?.page.entries[row - found.row];
    },
    indexOf: (id) => {
      for (const { row, page } of loaded) {
        const index = page.entries.findIndex((entry) => entry.id === id);
        if (index >= 0) return row + index;
      }
      return -1;
    },
  };
  return {
    rows,
    /** The first page; undefined until it is there. */
    answer: loaded.find(({ cursor }) => cursor === null)?.page,
    /** Of what is held. */
    pages: loaded.map(({ page }) => page),
    /** Of the whole list; null while there may be more. */
    total: pages.total,
    look: useCallback((first: number, last: number) => change((known) => lookAt(known, first, last)), [change]),
    more: () => {
      change(goOn);
      void failed?.refetch();
    },
    /** How far back the server came when its time was up; null when it was not, or when it goes on. */
    searchedUntil: pages.isStopped ? (loaded.at(-1)?.page.searched_until ?? null) : null,
    error: failed?.error ?? null,
    isFetching: results.some(({ isFetching }) => isFetching),
  };
}

const pageQuery = ({ query, askedMs }: Asked, cursor: string | null) => ({
  queryKey: ["/api/logs", query, askedMs, cursor],
  queryFn: ({ signal }: { signal: AbortSignal }) => {
    const from = cursor === null ? "" : `&cursor=${encodeURIComponent(cursor)}`;
    return fetchData(`/api/logs?limit=${PAGE}&attributes=text&${query}${from}`, searchAnswerSchema, { signal });
  },
  // What is not held is let go at once.
  gcTime: 0,
  staleTime: Number.POSITIVE_INFINITY,
  retry: false,
  refetchOnWindowFocus: false,
});
