"use client";

import { useEffect, useRef, useState } from "react";
import { type ListedEntry, listedEntrySchema } from "@/core/search/schemas";
import { useEvents } from "./use-events";

/** Of those that arrived, the latest that are shown. */
const MOST_SHOWN = 10;
/** Entries come one by one and are shown together. */
const SHOW_MS = 200;

type Arrivals = { entries: readonly ListedEntry[]; count: number };

const NONE: Arrivals = { entries: [], count: 0 };

/** What arrives of a query's entries from now on, the last first, and how many that were. @param form what of each is wanted, as parameters */
export function useArrivals(q: string, form: string) {
  const [arrivals, setArrivals] = useState(NONE);
  const waiting = useRef<ListedEntry[]>([]);
  const path = `/api/logs/tail?${new URLSearchParams({ q }).toString()}&${form}`;
  /** The first heartbeat says that everything from now on will come. */
  const [isListening, setListening] = useState(false);
  const state = useEvents(path, {
    log: (data) => waiting.current.push(listedEntrySchema.parse(data)),
    heartbeat: () => setListening(true),
  });

  // biome-ignore lint/correctness/useExhaustiveDependencies: for another query it begins anew
  useEffect(() => {
    waiting.current = [];
    setArrivals(NONE);
    setListening(false);
    const timer = setInterval(() => {
      const fresh = waiting.current.splice(0).reverse();
      if (fresh.length === 0) return;
      setArrivals(({ entries, count }) => ({
        entries: [...fresh, ...entries].slice(0, MOST_SHOWN),
        count: count + fresh.length,
      }));
    }, SHOW_MS);
    return () => clearInterval(timer);
  }, [path]);

  return { ...arrivals, state: state === "live" && !isListening ? ("connecting" as const) : state };
}
