"use client";

import { useEffect } from "react";
import { ALIVE_EVENT } from "./keep-early-actions";

/** Goes after all that is shown: when its effect runs, so did those of everything before it. */
export function RepeatEarlyActions() {
  useEffect(() => {
    document.dispatchEvent(new Event(ALIVE_EVENT));
  }, []);
  return null;
}
