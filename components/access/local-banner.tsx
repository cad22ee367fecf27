"use client";

import { Alert, Anchor } from "@mantine/core";
import Link from "next/link";
import { useViewer } from "./viewer";

/** While there is no account. */
export function LocalBanner() {
  if (useViewer().kind !== "local") return null;
  return (
    <Alert color="blue" mb="md" py="xs" role="note">
      There is no account yet: Cordwood is open to everybody on this machine, and to nobody else.{" "}
      <Anchor component={Link} href="/set-up" size="sm" c="inherit" fw={600} underline="always">
        Create the first account
      </Anchor>
    </Alert>
  );
}
