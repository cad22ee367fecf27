"use client";

import { parseAsInteger, parseAsString, useQueryStates } from "nuqs";
import { useState } from "react";
import { FIRST_PAGE } from "@/core/page";
import { useTyped } from "./use-typed";

const STATE = { search: parseAsString.withDefault(""), page: parseAsInteger.withDefault(1) };

/** Where somebody is in a list that the server searches and pages. */
export type ListPlace = {
  search: string;
  /** What is searched for by now: behind `search` while somebody types. */
  typed: string;
  setSearch(search: string): void;
  /** From 1. */
  page: number;
  setPage(page: number, how?: { history: "replace" }): void;
  /** Parameters of the API for this page. */
  query: URLSearchParams;
  /** It is what the page shows at first. */
  isFirst: boolean;
};

type Held = Pick<ListPlace, "search" | "setSearch" | "page" | "setPage">;

function usePlace(held: Held): ListPlace {
  const typed = useTyped(held.search);
  const { limit } = FIRST_PAGE;
  const offset = (Math.max(held.page, 1) - 1) * limit;
  const query = new URLSearchParams({ limit: String(limit), offset: String(offset) });
  if (typed !== "") query.set("search", typed);
  return { ...held, typed, query, isFirst: typed === "" && offset === 0 };
}

/** A place that the address of the page holds. @param page and @param search what they are called there; without the second the list can't be searched */
export function useListPlace(page: string, search?: string): ListPlace {
  const [held, setHeld] = useQueryStates(STATE, { urlKeys: { search: search ?? `${page}Search`, page } });
  return usePlace({
    page: held.page,
    search: search === undefined ? "" : held.search,
    setSearch: (next) => void setHeld({ search: next, page: 1 }),
    setPage: (next, how) => void setHeld({ page: next }, how),
  });
}

/** A place that is forgotten with what it is shown in, such as a dialog. */
export function usePassingListPlace(): ListPlace {
  const [held, setHeld] = useState({ search: "", page: 1 });
  return usePlace({
    ...held,
    setSearch: (search) => setHeld({ search, page: 1 }),
    setPage: (page) => setHeld((before) => ({ ...before, page })),
  });
}
