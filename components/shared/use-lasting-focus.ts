"use client";

import { useEffect, useRef } from "react";
import { focusIfLost } from "./focus-if-lost";

/**
 * For a dialog that may take away what opened it, or itself with it.
 * @returns what is to be called when it has closed
 */
export function useLastingFocus(opened: boolean): () => void {
  const wasOpened = useRef(false);
  if (opened) wasOpened.current = true;
  useEffect(
    () => () => {
      // Behind what the dialog itself does when it goes.
      if (wasOpened.current) requestAnimationFrame(focusIfLost);
    },
    [],
  );
  return focusIfLost;
}
