"use client";

import { useEffect, useRef, useState } from "react";
import { EventConnection, type LiveState } from "./event-connection";

export type EventHandlers = Readonly<Record<string, (data: unknown) => void>>;

/**
 * Listens while the page is in sight: browsers allow few connections to one server, and a hidden page needs none. In sight
 * again it goes on where it was.
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
    const connection = new EventConnection({ path, handlers: stable, changed: setState });
    const follow = () => (document.hidden ? connection.close() : connection.open());
    follow();
    document.addEventListener("visibilitychange", follow);
    window.addEventListener("online", follow);
    return () => {
      document.removeEventListener("visibilitychange", follow);
      window.removeEventListener("online", follow);
      connection.close();
      setState("connecting");
    };
  }, [path]);
  return state;
}
