"use client";

import { createContext, type ReactNode, useCallback, useContext, useState } from "react";
import { KEPT_COOKIES, type Kept, type KeptName, readKept } from "./kept-names";

const YEAR_SECONDS = 365 * 24 * 60 * 60;

type KeptContext = { kept: Kept; keep(name: KeptName, value: string): void };

const Context = createContext<KeptContext>({ kept: readKept(() => undefined), keep: () => undefined });

/** @param initial what the request for the page said */
export function KeptProvider({ initial, children }: { initial: Kept; children: ReactNode }) {
  const [kept, setKept] = useState(initial);
  const keep = useCallback((name: KeptName, value: string) => {
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API needs https where a server has a name
    document.cookie = `${KEPT_COOKIES[name]}=${encodeURIComponent(value)}; Path=/; Max-Age=${YEAR_SECONDS}; SameSite=Lax`;
    setKept((before) => ({ ...before, [name]: value }));
  }, []);
  return <Context.Provider value={{ kept, keep }}>{children}</Context.Provider>;
}

/** What the browser keeps under a name, null for nothing yet, and what makes it keep something else. */
export function useKept(name: KeptName): [string | null, (value: string) => void] {
  const { kept, keep } = useContext(Context);
  return [kept[name], useCallback((value: string) => keep(name, value), [keep, name])];
}
