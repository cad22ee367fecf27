"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { foundPatternsSchema } from "@/core/patterns/found-schemas";
import { fetchData } from "./fetch-data";
import type { Asked } from "./use-logs";

/** The patterns of a search, a page of them. @param page from 1 */
export function useFoundPatterns({ query, askedMs }: Asked, page: number, size: number) {
  const path = `/api/logs/patterns/found?${query}&limit=${size}&offset=${(page - 1) * size}`;
  return useQuery({
    queryKey: [path, askedMs],
    queryFn: ({ signal }) => fetchData(path, foundPatternsSchema, { signal }),
    placeholderData: keepPreviousData,
    retry: false,
    refetchOnWindowFocus: false,
  });
}
