"use client";

import { parseAsArrayOf, parseAsBoolean, parseAsString, useQueryStates } from "nuqs";
import { useMemo } from "react";
import { DEFAULT_COLUMNS } from "./columns";

/** Time ranges that end now, by their name in the URL, in minutes. */
export const RELATIVE = {
  "15m": { minutes: 15, label: "Last 15 minutes" },
  "1h": { minutes: 60, label: "Last hour" },
  "6h": { minutes: 360, label: "Last 6 hours" },
  "1d": { minutes: 1_440, label: "Last day" },
  "7d": { minutes: 10_080, label: "Last 7 days" },
  "30d": { minutes: 43_200, label: "Last 30 days" },
} as const;

export type RelativeRange = keyof typeof RELATIVE;

export const isRelative = (name: string): name is RelativeRange => Object.hasOwn(RELATIVE, name);

const PARAMETERS = {
  q: parseAsString.withDefault(""),
  /** A name of RELATIVE; left out of account when from and to are there. */
  range: parseAsString.withDefault("1h"),
  from: parseAsString,
  to: parseAsString,
  /** Id of the entry that is open. */
  entry: parseAsString,
  columns: parseAsArrayOf(parseAsString).withDefault(DEFAULT_COLUMNS),
  /** Entries are shown as they arrive, whatever the range. */
  live: parseAsBoolean.withDefault(false),
};

/** Everything that the page shows is in the URL, so that it can be sent to somebody. */
export const useLogsState = () => useQueryStates(PARAMETERS, { history: "push" });

const MINUTE_MS = 60_000;

/**
 * The time that is searched. A relative range ends with the minute that runs when the search begins.
 * @param startedMs when the search began, ms since 1970
 */
export function useWindow(state: { range: string; from: string | null; to: string | null }, startedMs: number) {
  const { range, from, to } = state;
  return useMemo(() => {
    if (from !== null && to !== null && Date.parse(from) < Date.parse(to)) {
      return { from: new Date(from).toISOString(), to: new Date(to).toISOString(), relative: null };
    }
    const relative = isRelative(range) ? range : "1h";
    const end = Math.floor(startedMs / MINUTE_MS) * MINUTE_MS + MINUTE_MS;
    return {
      from: new Date(end - RELATIVE[relative].minutes * MINUTE_MS).toISOString(),
      to: new Date(end).toISOString(),
      relative,
    };
  }, [range, from, to, startedMs]);
}

/** How much is shown before and after a moment. */
const AROUND_MS = 30 * MINUTE_MS;

/** The time to show a moment in: the narrowest relative range that has it, else the hour around it. @param nowMs ms since 1970 */
export function timeWith(time: string, nowMs: number) {
  const ms = Date.parse(time);
  const names = Object.keys(RELATIVE).filter(isRelative);
  const range = names.find((name) => ms < nowMs && ms >= nowMs - (RELATIVE[name].minutes - 1) * MINUTE_MS);
  if (range) return { range, from: null, to: null };
  return { from: new Date(ms - AROUND_MS).toISOString(), to: new Date(ms + AROUND_MS).toISOString() };
}

/** Adds a condition to a query so that both must hold. */
export function withCondition(q: string, condition: string): string {
  const before = q.trim();
  if (before === "") return condition;
  return `${/\bOR\b/.test(before) ? `(${before})` : before} ${condition}`;
}
