"use client";

import { Anchor, Box } from "@mantine/core";
import { type ReactNode, useId, useState } from "react";
import { formatCount } from "@/components/shared/format";
import classes from "./long-text.module.css";

/** More than this is folded at first, so that what comes behind it is near. */
const MOST_CHARACTERS = 3_000;
const MOST_LINES = 30;

/** What shows a text; of a long one the beginning, until the rest is asked for. @param text which says how long it is */
export function LongText({ text, children }: { text: string; children: ReactNode }) {
  const id = useId();
  const [isOpen, setOpen] = useState(false);
  const lines = text.split("\n").length;
  if (text.length <= MOST_CHARACTERS && lines <= MOST_LINES) return children;
  return (
    <Box miw={0}>
      <div id={id} className={isOpen ? undefined : classes.folded}>
        {children}
      </div>
      <Anchor
        component="button"
        type="button"
        size="sm"
        mt={4}
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={() => setOpen(!isOpen)}
      >
        {isOpen
          ? "Show less"
          : `Show all ${formatCount(text.length)} characters${lines > 1 ? ` in ${formatCount(lines)} lines` : ""}`}
      </Anchor>
    </Box>
  );
}
