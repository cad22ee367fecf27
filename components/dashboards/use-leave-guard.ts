"use client";

import { useEffect, useState } from "react";
import { useUnsaved } from "@/components/access/session-end";

/**
 * Asks before changes are lost: when a link leads away, and (in the browser's own words) when the page is closed or loaded again.
 * @returns where somebody wants to go, null while nobody does, and what answers
 */
export function useLeaveGuard(hasChanges: boolean) {
  const [wanted, setWanted] = useState<string | null>(null);
  useUnsaved(hasChanges);
  useEffect(() => {
    if (!hasChanges) return;
    const onUnload = (event: BeforeUnloadEvent) => event.preventDefault();
    // Before the link's own handler, which would go there at once.
    const onClick = (event: MouseEvent) => {
      const { target, button, ctrlKey, metaKey, shiftKey, altKey } = event;
      if (button !== 0 || ctrlKey || metaKey || shiftKey || altKey || !(target instanceof Element)) return;
      const link = target.closest("a[href]");
      if (!(link instanceof HTMLAnchorElement) || link.target === "_blank" || link.hasAttribute("download")) return;
      const { origin, pathname, search } = new URL(link.href);
      if (origin === window.location.origin && pathname === window.location.pathname) return;
      event.preventDefault();
      event.stopPropagation();
      setWanted(origin === window.location.origin ? pathname + search : link.href);
    };
    window.addEventListener("beforeunload", onUnload);
    document.addEventListener("click", onClick, { capture: true });
    return () => {
      window.removeEventListener("beforeunload", onUnload);
      document.removeEventListener("click", onClick, { capture: true });
    };
  }, [hasChanges]);
  return { wanted, want: setWanted };
}
