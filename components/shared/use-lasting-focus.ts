"use client";

import { useEffect, useRef } from "react";

/** The id of the page's own part, behind the navigation. */
export const CONTENT = "content";

/**
 * For a dialog that may take away what opened it, or itself with it. Where what had the focus is gone, such as the row of something that was
 * deleted, the keyboard goes on with the page and not with the browser's.
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

function focusIfLost(): void {
  const { activeElement, body } = document;
  if (activeElement === null || activeElement === body)
    document.getElementById(CONTENT)?.focus({ preventScroll: true });
}
