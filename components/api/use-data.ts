"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { z } from "zod";
import { jobsSchema } from "@/core/jobs/schemas";
import { type SearchResult, searchResultSchema } from "@/core/search/schemas";
import { type Overview, overviewSchema, topErrorSchema, trendSchema } from "@/core/stats/schemas";
import type { TimeRange } from "@/core/stats/time-range";
import { fetchData } from "./fetch-data";

const REFRESH_MS = 3_000;

/** Data that the page was rendered with and that is fetched anew every few seconds. */
export function useFresh<Schema extends z.ZodType>(path: string, schema: Schema, initialData?: z.infer<Schema>) {
  return useQuery<z.infer<Schema>>({
    queryKey: [path],
    queryFn: ({ signal }) => fetchData(path, schema, { signal }),
    initialData,
    placeholderData: keepPreviousData,
    refetchInterval: REFRESH_MS,
    refetchIntervalInBackground: false,
  });
}

export const useOverview = (range: TimeRange, initial?: Overview) =>
  useFresh(`/api/logs/dashboard/overview?timeRange=${range}`, overviewSchema, initial);

const serviceQuery = (service: string, range: TimeRange) => `service=${encodeURIComponent(service)}&timeRange=${range}`;

export const useTrend = (service: string, range: TimeRange, initial?: z.infer<typeof trendSchema>) =>
  useFresh(`/api/logs/dashboard/trend?${serviceQuery(service, range)}`, trendSchema, initial);

const topErrorsSchema = z.array(topErrorSchema);

export const useTopErrors = (service: string, range: TimeRange, initial?: z.infer<typeof topErrorsSchema>) =>
  useFresh(`/api/logs/dashboard/top-errors?${serviceQuery(service, range)}`, topErrorsSchema, initial);

export const useRecentEntries = (service: string, initial?: SearchResult) =>
  useFresh(`/api/logs?service=${encodeURIComponent(service)}&limit=50`, searchResultSchema, initial);

export const useJobs = (initial?: z.infer<typeof jobsSchema>) => useFresh("/api/logs/jobs", jobsSchema, initial);
