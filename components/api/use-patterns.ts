"use client";

import { useQuery } from "@tanstack/react-query";
import { z } from "zod";
import {
  type PatternDetail,
  type PatternSummary,
  patternDetailSchema,
  patternSummarySchema,
} from "@/core/patterns/schemas";
import type { TimeRange } from "@/core/stats/time-range";
import { fetchPage, sendData } from "./fetch-data";
import { useChange } from "./use-change";
import { useLive } from "./use-data";

const BASE = "/api/logs/patterns";
/** Of the list itself every change is told. */
const COUNT_REFRESH_MS = 30_000;

/** @param query of GET /api/logs/patterns, without the question mark */
export const usePatterns = (query: string, initial?: PatternSummary[]) =>
  useLive({
    path: `${BASE}?${query}`,
    view: new URLSearchParams(`view=patterns&${query}`),
    schema: z.array(patternSummarySchema),
    initial,
  });

/** How many there are, where more are than a list shows. @param query of GET /api/logs/patterns */
export const usePatternCount = (query: URLSearchParams, isCut: boolean): number | undefined =>
  useQuery({
    queryKey: [BASE, "count", query.toString()],
    queryFn: async ({ signal }) => {
      const first = new URLSearchParams([...query, ["limit", "1"]]);
      return (await fetchPage(`${BASE}?${first.toString()}`, patternSummarySchema, { signal })).total;
    },
    enabled: isCut,
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
