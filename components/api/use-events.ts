"use client";

import { useEffect, useRef, useState } from "react";
import { sessionEnded } from "@/components/access/session-end";
import type { LiveState } from "./live/messages";
import { Subscription } from "./live/subscription";

export type EventHandlers = Readonly<Record<string, (data: unknown) => void>>;

/**
 * Listens while the page is in sight: a hidden page needs nothing. In sight again it goes on where it was.
 * @param path null for nothing
 * @param handlers by the event's name; the names must stay the same
 */
export function useEvents(path: string | null, handlers: EventHandlers): LiveState {
  const [state, setState] = useState<LiveState>("connecting");
  const current = useRef(handlers);
  current.current = handlers;
  useEffect(() => {
    if (path === null) return;
    const names = Object.keys(current.current);
    const stable = Object.fromEntries(names.map((name) => [name, (data: unknown) => current.current[name]?.(data)]));
    const subscription = new Subscription({ path, handlers: stable, changed: setState, signedOut: sessionEnded });
    const follow = () => (document.hidden ? subscription.close() : subscription.open());
    const close = () => subscription.close();
    follow();
    document.addEventListener("visibilitychange", follow);
    // A page that is left may be kept, and be shown again.
    window.addEventListener("pagehide", close);
    window.addEventListener("pageshow", follow);
    return () => {
      document.removeEventListener("visibilitychange", follow);
      window.removeEventListener("pagehide", close);
      window.removeEventListener("pageshow", follow);
      close();
      setState("connecting");
    };
  }, [path]);
  return state;
}
