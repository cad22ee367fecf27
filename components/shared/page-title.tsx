import { Title } from "@mantine/core";
import type { ReactNode } from "react";

/** What a page is of: its one heading of the first order. Names may be long, so they break anywhere. */
export function PageTitle({ children }: { children: ReactNode }) {
  return (
    <Title order={1} size="h2" style={{ overflowWrap: "anywhere" }}>
      {children}
    </Title>
  );
}
