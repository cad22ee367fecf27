"use client";

import { createTheme } from "@mantine/core";
import type { Level } from "@/core/levels";

export const theme = createTheme({ primaryColor: "teal", defaultRadius: "md", cursorType: "pointer" });

/** After Okabe and Ito's palette, which people with any colour vision can tell apart; the name always stands beside. */
export const LEVEL_COLOURS: Readonly<Record<Level, string>> = {
  trace: "gray.4",
  debug: "gray.6",
  info: "#56b4e9",
  warning: "#e69f00",
  error: "#d55e00",
  fatal: "#8e2c74",
};
