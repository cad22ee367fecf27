"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { z } from "zod";
import { statsAnswerSchema } from "@/core/analytics/schemas";
import { entryContextSchema, entrySchema, facetsSchema, histogramSchema } from "@/core/search/schemas";
import { fetchData } from "./fetch-data";

/** A search: `query` of GET /api/logs, without limit and cursor, and when somebody asked, since later it is another one. */
export type Asked = { query: string; askedMs: number };

/** What belongs to a search: fetched with it, and not again while it is looked at. */
const useOfSearch = <Schema extends z.ZodType>(path: string, { query, askedMs }: Asked, schema: Schema) =>
  useQuery<z.infer<Schema>>({
    queryKey: [path, query, askedMs],
    queryFn: ({ signal }) => fetchData(`${path}?${query}`, schema, { signal }),
    placeholderData: keepPreviousData,
    retry: false,
    refetchOnWindowFocus: false,
  });

export const useHistogram = (asked: Asked) => useOfSearch("/api/logs/histogram", asked, histogramSchema);

export const useFacets = (asked: Asked) => useOfSearch("/api/logs/facets", asked, facetsSchema);

/** Of one field, the values that hold a text; nothing as long as it is not enabled. */
export const useFacetValues = (
  { query, askedMs }: Asked,
  { field, search }: { field: string; search: string },
  enabled: boolean,
) =>
  useQuery({
    enabled,
    queryKey: ["/api/logs/facets", query, askedMs, field, search],
    queryFn: ({ signal }) =>
      fetchData(`/api/logs/facets?${query}&${new URLSearchParams({ field, search })}`, facetsSchema, { signal }),
    placeholderData: keepPreviousData,
    retry: false,
    refetchOnWindowFocus: false,
  });

type AskedStats = { q: string; from: string; to: string; zone: string; askedMs: number };

/** The table of a query with pipes. */
export const useStats = ({ askedMs, ...asked }: AskedStats, enabled: boolean) =>
  useQuery({
    enabled,
    queryKey: ["/api/logs/stats", asked, askedMs],
    queryFn: ({ signal }) =>
      fetchData("/api/logs/stats", statsAnswerSchema, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(asked),
        signal,
      }),
    placeholderData: keepPreviousData,
    retry: false,
    refetchOnWindowFocus: false,
  });

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
