"use client";

import { IconMaximize, IconMinimize } from "@tabler/icons-react";
import { useEffect, useRef } from "react";
import { IconButton } from "@/components/shared/icon-button";

/** What global.css takes away from around the page. */
const ATTRIBUTE = "data-wall";

/** Fills the screen with the panels. A link to it fills the window, as only somebody at the screen may fill that. */
export function WallButton({ isWall, setWall }: { isWall: boolean; setWall(wall: boolean): void }) {
  const leave = useRef(() => setWall(false));
  leave.current = () => setWall(false);
  useEffect(() => {
    if (!isWall) return;
    const root = document.documentElement;
    root.setAttribute(ATTRIBUTE, "");
    // Escape ends what fills the screen without telling the page's keys.
    const onChange = () => {
      if (document.fullscreenElement === null) leave.current();
    };
    const onKey = (event: KeyboardEvent) => {
      if (event.key === "Escape" && !event.defaultPrevented && document.fullscreenElement === null) leave.current();
    };
    document.addEventListener("fullscreenchange", onChange);
    document.addEventListener("keydown", onKey);
    return () => {
      root.removeAttribute(ATTRIBUTE);
      document.removeEventListener("fullscreenchange", onChange);
      document.removeEventListener("keydown", onKey);
      if (document.fullscreenElement !== null) void document.exitFullscreen();
    };
  }, [isWall]);
  const toggle = () => {
    setWall(!isWall);
    // A browser that does not allow it shows the panels in its window.
    if (!isWall) void document.documentElement.requestFullscreen?.().catch(() => undefined);
  };
  const Icon = isWall ? IconMinimize : IconMaximize;
  return (
    <IconButton label={isWall ? "Leave full screen" : "Full screen"} onClick={toggle}>
      <Icon size={18} aria-hidden />
    </IconButton>
  );
}
