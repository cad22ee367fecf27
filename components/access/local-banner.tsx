"use client";

import { Alert, Anchor } from "@mantine/core";
import Link from "next/link";
import { useKept } from "@/components/kept/kept";
import { useViewer } from "./viewer";

/** While there is no account. Put away it stays so, until the server listens elsewhere: that may change who gets in. */
export function LocalBanner({ afterClose }: { afterClose(): void }) {
  const viewer = useViewer();
  const [putAwayAt, putAway] = useKept("bannerPutAway");
  if (viewer.kind !== "local" || viewer.listensOn === putAwayAt) return null;
  return (
    <Alert
      color="blue"
      mb="md"
      py="xs"
      role="note"
      withCloseButton
      closeButtonLabel="Put this note away"
      onClose={() => {
        putAway(viewer.listensOn);
        afterClose();
      }}
    >
      There is no account yet: Cordwood is open to everybody on this machine, and to nobody else.{" "}
      <Anchor component={Link} href="/set-up" size="sm" c="inherit" fw={600} underline="always">
        Create the first account
      </Anchor>
    </Alert>
  );
}
