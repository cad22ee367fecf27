"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { z } from "zod";
import { useTyped } from "@/components/shared/use-typed";
import { LIMITS } from "@/core/limits";
import { FIRST_PAGE } from "@/core/page";
import { type PatternDetail, patternDetailSchema, patternSummarySchema } from "@/core/patterns/schemas";
import type { TimeRange } from "@/core/stats/time-range";
import { fetchPage, sendData } from "./fetch-data";
import { useChange } from "./use-change";
import { useLive } from "./use-data";

const BASE = "/api/logs/patterns";
/** Of the list itself every change is told. */
const COUNT_REFRESH_MS = 30_000;

/** @param query of GET /api/logs/patterns, without the question mark */
const usePatterns = (query: string) =>
  useLive({
    path: `${BASE}?${query}`,
    view: new URLSearchParams(`view=patterns&${query}`),
    schema: z.array(patternSummarySchema),
  });

/** The most frequent of the last week, down to warnings, whose messages hold what is typed: a few, and how many there are. */
export function useFoundPatterns(search: string) {
  const typed = useTyped(search);
  const query = new URLSearchParams({
    timeRange: "1w",
    level: "warning",
    search: typed,
    limit: String(LIMITS.suggestions),
  });
  const path = `${BASE}?${query.toString()}`;
  return useQuery({
    queryKey: [path],
    queryFn: ({ signal }) => fetchPage(path, patternSummarySchema, { signal }),
    placeholderData: keepPreviousData,
  });
}

/**
 * A page of them, live, with how many all pages have, once that is known.
 * @param query of GET /api/logs/patterns, without limit and offset @param page from 1
 */
export function usePatternPage(query: URLSearchParams, page: number) {
  const { limit } = FIRST_PAGE;
  const offset = (Math.max(page, 1) - 1) * limit;
  // One more says whether there are more.
  const asked = new URLSearchParams([...query, ["limit", String(limit + 1)], ["offset", String(offset)]]);
  const { data, ...list } = usePatterns(asked.toString());
  const isLast = data !== undefined && data.length <= limit && (data.length > 0 || offset === 0);
  const counted = useCount(query, data !== undefined && !isLast);
  // A page behind the last one is not what is asked for: its number of pages leads away from it.
  const isBehind = data?.length === 0 && offset > 0;
  return {
    ...list,
    data: isBehind ? undefined : data?.slice(0, limit),
    total: isLast ? offset + data.length : counted,
  };
}

const useCount = (query: URLSearchParams, isWanted: boolean): number | undefined =>
  useQuery({
    queryKey: [BASE, "count", query.toString()],
    queryFn: async ({ signal }) => {
      const first = new URLSearchParams([...query, ["limit", "1"]]);
      return (await fetchPage(`${BASE}?${first.toString()}`, patternSummarySchema, { signal })).total;
    },
    enabled: isWanted,
    refetchInterval: COUNT_REFRESH_MS,
    refetchIntervalInBackground: false,
  }).data;

export const usePattern = (pattern: string, range: TimeRange, initial?: PatternDetail) =>
  useLive({
    path: `${BASE}/${pattern}?timeRange=${range}`,
    view: new URLSearchParams({ view: "pattern", pattern, timeRange: range }),
    schema: patternDetailSchema,
    initial,
  });

const doneSchema = z.object({ pattern: z.string() });

export const useMutePattern = () =>
  useChange((input: { pattern: string; muted: boolean }) => sendData("POST", `${BASE}/mute`, doneSchema, input));

export const useMergePattern = () =>
  useChange((input: { pattern: string; into: string }) => sendData("POST", `${BASE}/merge`, doneSchema, input));

export const useUnmergePattern = () =>
  useChange((input: { pattern: string }) => sendData("POST", `${BASE}/unmerge`, doneSchema, input));
