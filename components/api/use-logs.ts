"use client";

import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import {
  entryContextSchema,
  entrySchema,
  facetsSchema,
  histogramSchema,
  type SearchResult,
  searchResultSchema,
} from "@/core/search/schemas";
import { fetchData } from "./fetch-data";

const PAGE = 200;

/** Pages of a search. @param query of GET /api/logs, without limit and cursor */
export const useSearch = (query: string) =>
  useInfiniteQuery({
    queryKey: ["/api/logs", query],
    queryFn: ({ signal, pageParam }) => {
      const cursor = pageParam === null ? "" : `&cursor=${encodeURIComponent(pageParam)}`;
      return fetchData(`/api/logs?limit=${PAGE}&${query}${cursor}`, searchResultSchema, { signal });
    },
    initialPageParam: null as string | null,
    getNextPageParam: (last: SearchResult) => last.next_cursor,
    retry: false,
    refetchOnWindowFocus: false,
  });

export const useHistogram = (query: string) =>
  useQuery({
    queryKey: ["/api/logs/histogram", query],
    queryFn: ({ signal }) => fetchData(`/api/logs/histogram?${query}`, histogramSchema, { signal }),
    placeholderData: keepPreviousData,
    retry: false,
    refetchOnWindowFocus: false,
  });

export const useFacets = (query: string) =>
  useQuery({
    queryKey: ["/api/logs/facets", query],
    queryFn: ({ signal }) => fetchData(`/api/logs/facets?${query}`, facetsSchema, { signal }),
    placeholderData: keepPreviousData,
    retry: false,
    refetchOnWindowFocus: false,
  });

/** One entry. @param id null for none */
export const useEntry = (id: string | null) =>
  useQuery({
    queryKey: ["/api/logs/entry", id],
    queryFn: ({ signal }) => fetchData(`/api/logs/${id}`, entrySchema, { signal }),
    enabled: id !== null,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });

export const useEntryContext = (id: string, enabled: boolean) =>
  useQuery({
    queryKey: ["/api/logs/context", id],
    queryFn: ({ signal }) => fetchData(`/api/logs/${id}/context?limit=10`, entryContextSchema, { signal }),
    enabled,
    retry: false,
  });
