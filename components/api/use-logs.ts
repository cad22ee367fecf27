"use client";

import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import type { z } from "zod";
import {
  entryContextSchema,
  entrySchema,
  facetsSchema,
  histogramSchema,
  type SearchAnswer,
  searchAnswerSchema,
} from "@/core/search/schemas";
import { fetchData } from "./fetch-data";

const PAGE = 200;

/** Pages of a search. @param query of GET /api/logs, without limit and cursor */
export const useSearch = (query: string) =>
  useInfiniteQuery({
    queryKey: ["/api/logs", query],
    queryFn: ({ signal, pageParam }) => {
      const cursor = pageParam === null ? "" : `&cursor=${encodeURIComponent(pageParam)}`;
      return fetchData(`/api/logs?limit=${PAGE}&attributes=text&${query}${cursor}`, searchAnswerSchema, { signal });
    },
    initialPageParam: null as string | null,
    getNextPageParam: (last: SearchAnswer) => last.next_cursor,
    retry: false,
    refetchOnWindowFocus: false,
  });

/** What belongs to a search: fetched with it, and not again while it is looked at. */
const useOfSearch = <Schema extends z.ZodType>(path: string, query: string, schema: Schema) =>
  useQuery<z.infer<Schema>>({
    queryKey: [path, query],
    queryFn: ({ signal }) => fetchData(`${path}?${query}`, schema, { signal }),
    placeholderData: keepPreviousData,
    retry: false,
    refetchOnWindowFocus: false,
  });

export const useHistogram = (query: string) => useOfSearch("/api/logs/histogram", query, histogramSchema);

export const useFacets = (query: string) => useOfSearch("/api/logs/facets", query, facetsSchema);

/** One entry. @param id null for none */
export const useEntry = (id: string | null) =>
  useQuery({
    queryKey: ["/api/logs/entry", id],
    queryFn: ({ signal }) => fetchData(`/api/logs/${id}?attributes=text`, entrySchema, { signal }),
    enabled: id !== null,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });

/** A line of each. */
const AROUND = "fields=service,message&length=200";

export const useEntryContext = (id: string, enabled: boolean) =>
  useQuery({
    queryKey: ["/api/logs/context", id],
    queryFn: ({ signal }) => fetchData(`/api/logs/${id}/context?limit=10&${AROUND}`, entryContextSchema, { signal }),
    enabled,
    retry: false,
  });
