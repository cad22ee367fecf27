"use client";

import { Button } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { formatCount } from "@/components/shared/format";

/** So many are shown at first, and as many more each time they are asked for. */
const STEP = 200;

/** Items of which there may be thousands. @param noun what they are, of several */
export function ManyItems({ items, noun }: { items: readonly ReactNode[]; noun: string }) {
  const [shown, setShown] = useState(STEP);
  const left = items.length - shown;
  return (
    <>
      {items.slice(0, shown)}
      {left > 0 && (
        <Button size="compact-sm" variant="default" my={4} onClick={() => setShown(shown + STEP)}>
          Show {formatCount(Math.min(left, STEP))} more of {formatCount(items.length)} {noun}
        </Button>
      )}
    </>
  );
}
