"use client";

import { usePathname } from "next/navigation";
import { parseAsString, useQueryState } from "nuqs";
import { createContext, type ReactNode, useContext, useEffect, useState } from "react";
import { useKept } from "@/components/kept/kept";
import { formatInZone, isTimeZone, momentInZone } from "@/core/zoned-time";

const UTC = "UTC";

type TimeZone = {
  /** In which times are shown, by IANA's name. */
  zone: string;
  /** The browser's; null on the server, as long as no browser has said it. */
  own: string | null;
  choose(zone: string): void;
};

const Context = createContext<TimeZone>({ zone: UTC, own: null, choose: () => undefined });

/** The name in the URL: a link that is sent to somebody says of which clocks its times are. */
const PARAMETER = "tz";

/**
 * The zone of all times on pages: that of the link that led here, else the one that the browser keeps, else the browser's own. It
 * holds until another one is chosen, on whatever page, and stands in the URL of each.
 */
export function TimeZoneProvider({ children }: { children: ReactNode }) {
  const [named, setNamed] = useQueryState(PARAMETER, parseAsString.withOptions({ history: "replace" }));
  const [chosen, keepChosen] = useKept("timeZone");
  const [kept, keepOwn] = useKept("ownTimeZone");
  const [ofLink, setOfLink] = useState<string | null>(null);
  /** On this page or one before it; what an address that is gone back to says was before. */
  const [picked, setPicked] = useState<string | null>(null);
  const own = zoneOf(kept);
  const preferred = chosen === UTC ? UTC : (own ?? UTC);
  const inUrl = zoneOf(named);
  const zone = picked ?? inUrl ?? ofLink ?? preferred;

  useEffect(() => {
    const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
    if (timeZone !== own) keepOwn(timeZone);
  }, [own, keepOwn]);
  useEffect(() => {
    if (inUrl !== null) setOfLink(inUrl);
  }, [inUrl]);
  useEffect(() => {
    if (picked !== null && inUrl !== null && inUrl !== picked) void setNamed(picked);
  }, [picked, inUrl, setNamed]);
  const pathname = usePathname();
  // biome-ignore lint/correctness/useExhaustiveDependencies: each page has an address of its own
  useEffect(() => {
    // Not before the browser has said its zone: what stands in the URL comes first from then on.
    if (own === null) return;
    nameInUrl(zone);
    const again = setTimeout(() => nameInUrl(zone), WRITTEN_AFTER_MS);
    return () => clearTimeout(again);
  }, [pathname, inUrl, own, zone]);

  const choose = (wanted: string) => {
    keepChosen(wanted === UTC ? UTC : "own");
    setPicked(wanted);
    void setNamed(wanted);
  };
  return <Context.Provider value={{ zone, own, choose }}>{children}</Context.Provider>;
}

/** Going to a page, Next.js may write its address once more after the effects of that page ran. */
const WRITTEN_AFTER_MS = 500;

/** Says the zone in the address of the page that is shown now, if it says none. */
function nameInUrl(zone: string): void {
  const url = new URL(window.location.href);
  if (url.searchParams.has(PARAMETER)) return;
  url.searchParams.set(PARAMETER, zone);
  // As all of the page's other state is written.
  url.search = url.search.replaceAll("%2F", "/");
  window.history.replaceState(window.history.state, "", url);
}

/** Anybody can write anything into a URL or a cookie. */
const zoneOf = (name: string | null) => (name !== null && isTimeZone(name) ? name : null);

export const useTimeZone = (): TimeZone => useContext(Context);

/** How the clocks of the zone show times, and what moment it is when they show one. */
export function useClocks() {
  const { zone } = useTimeZone();
  return {
    zone,
    /** @param pattern of Unicode TR 35, such as "HH:mm" */
    format: (time: string | number, pattern: string) => formatInZone(time, zone, pattern),
    momentOf: (text: string) => momentInZone(text, zone),
  };
}
