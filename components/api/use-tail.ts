"use client";

import { useEffect, useRef, useState } from "react";
import { z } from "zod";
import { type Entry, entrySchema, searchResultSchema } from "@/core/search/schemas";
import { fetchData } from "./fetch-data";
import { useEvents } from "./use-events";

/** Entries that the page holds; older ones are let go. */
const MOST_ENTRIES = 10_000;
/** What is there already, to begin with. */
const FIRST_ENTRIES = 100;
/** Entries come one by one and are shown together. */
const SHOW_MS = 250;
const RATE_SECONDS = 5;

const gapSchema = z.object({ count: z.number().nullable() });

/** `skipped` is null when entries were left out and nobody knows how many. */
export type Tail = { entries: readonly Entry[]; held: number; perSecond: number; skipped: number | null };

const NOTHING: Tail = { entries: [], held: 0, perSecond: 0, skipped: 0 };

type Arrived = { entries: Entry[]; skipped: number | null; times: number[] };

/**
 * The entries that a query selects, the last to arrive first, as they arrive.
 * @param q null for no tail
 * @param form what of each entry is wanted, as parameters
 * @param isPaused they are held back, until it is over
 */
export function useTail(q: string | null, form: string, isPaused: boolean) {
  const [tail, setTail] = useState(NOTHING);
  const arrived = useRef<Arrived>({ entries: [], skipped: 0, times: [] });
  const first = useRef(false);
  const query = `${new URLSearchParams({ q: q ?? "" }).toString()}&attributes=text&${form}`;
  const state = useEvents(q === null ? null : `/api/logs/tail?${query}`, {
    log: (data) => {
      arrived.current.entries.push(entrySchema.parse(data));
      arrived.current.times.push(performance.now());
    },
    gap: (data) => {
      const { count } = gapSchema.parse(data);
      const { skipped } = arrived.current;
      arrived.current.skipped = count === null || skipped === null ? null : skipped + count;
    },
    // The first one says that everything from now on will come: what is there already is looked up behind it.
    heartbeat: () => {
      if (first.current || q === null) return;
      first.current = true;
      const begun = arrived.current;
      fetchData(`/api/logs?${query}&limit=${FIRST_ENTRIES}`, searchResultSchema).then(
        ({ entries }) => {
          // Another query began, or the list was cleared, while it was looked up.
          if (arrived.current !== begun) return;
          setTail((shown) => ({ ...shown, entries: withoutRepeats([...shown.entries, ...entries]) }));
        },
        // Nothing to begin with is no reason to show no tail.
        () => undefined,
      );
    },
  });

  // biome-ignore lint/correctness/useExhaustiveDependencies: another query begins anew, and so do other columns
  useEffect(() => {
    arrived.current = { entries: [], skipped: 0, times: [] };
    first.current = false;
    setTail(NOTHING);
  }, [query]);

  useEffect(() => {
    if (q === null) return;
    const timer = setInterval(() => {
      const since = performance.now() - RATE_SECONDS * 1_000;
      const { current } = arrived;
      current.times = current.times.filter((time) => time >= since);
      const perSecond = current.times.length / RATE_SECONDS;
      const fresh = isPaused ? [] : current.entries.splice(0).reverse();
      const held = current.entries.length;
      if (held > MOST_ENTRIES) current.entries.splice(0, held - MOST_ENTRIES);
      const { skipped } = current;
      setTail((shown) => {
        if (fresh.length === 0 && shown.held === held && shown.perSecond === perSecond && shown.skipped === skipped)
          return shown;
        const entries = fresh.length === 0 ? shown.entries : withoutRepeats([...fresh, ...shown.entries]);
        return { entries, held, perSecond, skipped };
      });
    }, SHOW_MS);
    return () => clearInterval(timer);
  }, [q, isPaused]);

  const clear = () => {
    arrived.current = { entries: [], skipped: 0, times: [] };
    setTail(NOTHING);
  };
  return { ...tail, state, clear };
}

/** What was looked up may have come by itself too. */
function withoutRepeats(entries: readonly Entry[]): Entry[] {
  const unique = new Map<string, Entry>();
  for (const entry of entries) if (!unique.has(entry.id)) unique.set(entry.id, entry);
  return [...unique.values()].slice(0, MOST_ENTRIES);
}
