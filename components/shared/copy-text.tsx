"use client";

import { Button, VisuallyHidden } from "@mantine/core";
import { useClipboard } from "@mantine/hooks";

type CopyTextProps = {
  label: string;
  /** What it is of, for who can't see what stands beside it. */
  of?: string;
  /** What is copied, asked for when it is. */
  value(): string;
};

/** Copies a text, or says that the browser doesn't let it. */
export function CopyText({ label, of, value }: CopyTextProps) {
  const { copy, copied, error } = useClipboard();
  return (
    <Button size="compact-sm" variant="default" style={{ flexShrink: 0 }} onClick={() => copy(value())}>
      {/* Browsers allow it over HTTPS and on one's own machine only. */}
      {error ? "The browser doesn't allow it" : copied ? "Copied" : label}
      {of !== undefined && <VisuallyHidden> {of}</VisuallyHidden>}
    </Button>
  );
}
