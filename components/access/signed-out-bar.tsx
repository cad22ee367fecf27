"use client";

import { Affix, Alert, Anchor } from "@mantine/core";
import { useSessionOver } from "./session-end";

/** Stays over a page on which something is typed while nobody is signed in any more. */
export function SignedOutBar() {
  if (!useSessionOver()) return null;
  return (
    <Affix position={{ bottom: 16, right: 16 }} maw="calc(100vw - 32px)">
      <Alert variant="filled" color="dark" role="alert" title="You are signed out">
        What you typed is still here:{" "}
        <Anchor href="/sign-in" target="_blank" rel="noopener" c="inherit" underline="always" size="sm">
          sign in in another tab
        </Anchor>
        , then save.
      </Alert>
    </Affix>
  );
}
