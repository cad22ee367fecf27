"use client";

import {
  parseAsArrayOf,
  parseAsBoolean,
  parseAsInteger,
  parseAsString,
  parseAsStringLiteral,
  useQueryStates,
} from "nuqs";
import { useMemo } from "react";
import { useTimeZone } from "@/components/time-zone/time-zone";
import { CHART_KINDS, UNITS } from "@/core/charts/chart-options";
import { MINUTE_MS } from "@/core/clock";
import { readRange } from "@/core/search/named-range";
import { EXPLORER_VIEWS } from "@/core/views/schemas";
import { DEFAULT_COLUMNS } from "./columns";

/** Range of a page that names none, or one that nobody knows. */
const DEFAULT_RANGE = "1h";

const PARAMETERS = {
  q: parseAsString.withDefault(""),
  /** Name of a range that moves with the clock; left out of account when from and to are there. */
  range: parseAsString.withDefault(DEFAULT_RANGE),
  from: parseAsString,
  to: parseAsString,
  /** Id of the entry that is open. */
  entry: parseAsString,
  columns: parseAsArrayOf(parseAsString).withDefault(DEFAULT_COLUMNS),
  /** Entries are shown as they arrive, whatever the range. */
  live: parseAsBoolean.withDefault(false),
  /** Null: the one that suits the query. */
  view: parseAsStringLiteral(EXPLORER_VIEWS),
  /** How it is drawn, as chartOptionsSchema has it. */
  kind: parseAsStringLiteral(CHART_KINDS),
  unit: parseAsStringLiteral(UNITS),
  log: parseAsBoolean.withDefault(false),
  measure: parseAsString,
  /** Names of the series that are shown; null shows all. */
  series: parseAsArrayOf(parseAsString),
  /** Of the list of patterns. */
  page: parseAsInteger.withDefault(1),
};

/** Everything that the page shows is in the URL, so that it can be sent to somebody. */
export const useLogsState = () => useQueryStates(PARAMETERS, { history: "push" });

export type LogsState = ReturnType<typeof useLogsState>[0];
/** What of it becomes something else; null for what it is when the URL says nothing. */
export type LogsChange = { [Name in keyof LogsState]?: LogsState[Name] | null };

/**
 * The time that is searched. A range that moves with the clock is where it was when the search began.
 * @param startedMs when the search began, ms since 1970
 */
export function useWindow(state: { range: string; from: string | null; to: string | null }, startedMs: number) {
  const { range, from, to } = state;
  const { zone } = useTimeZone();
  return useMemo(() => {
    if (from !== null && to !== null && Date.parse(from) < Date.parse(to)) {
      return { from: new Date(from).toISOString(), to: new Date(to).toISOString(), named: null };
    }
    const named = readRange(range) ?? readRange(DEFAULT_RANGE);
    if (!named) throw new Error("the default range is none");
    const window = named.windowAt(new Date(startedMs), zone);
    return { from: window.from.toISOString(), to: window.to.toISOString(), named };
  }, [range, from, to, startedMs, zone]);
}

/** How much is shown before and after a moment. */
const AROUND_MS = 30 * MINUTE_MS;
/** Ranges that end now, the narrowest first. */
const WIDENING = ["15m", "1h", "6h", "1d", "7d", "30d"];

/** The time to show a moment in: the narrowest range that ends now and has it, else the hour around it. @param nowMs ms since 1970 */
export function timeWith(time: string, nowMs: number) {
  const ms = Date.parse(time);
  const range = WIDENING.find((name) => {
    // Not at its very beginning, which the next minute leaves behind.
    const from = readRange(name)?.windowAt(new Date(nowMs), "UTC").from;
    return from !== undefined && ms < nowMs && ms >= from.getTime() + MINUTE_MS;
  });
  if (range) return { range, from: null, to: null };
  return { from: new Date(ms - AROUND_MS).toISOString(), to: new Date(ms + AROUND_MS).toISOString() };
}

/** A query for lines, and what is done with them. */
export const withPipes = (lines: string, pipes: string | null): string =>
  pipes === null ? lines : `${lines} ${pipes}`.trim();
