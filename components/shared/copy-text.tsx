"use client";

import { Button } from "@mantine/core";
import { useClipboard } from "@mantine/hooks";

/** @param value what is copied, asked for when it is */
export function CopyText({ label, value }: { label: string; value: () => string }) {
  const { copy, copied, error } = useClipboard();
  return (
    <Button size="compact-sm" variant="default" onClick={() => copy(value())}>
      {/* Browsers allow it over HTTPS and on one's own machine only. */}
      {error ? "The browser doesn't allow it" : copied ? "Copied" : label}
    </Button>
  );
}
