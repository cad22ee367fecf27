"use client";

import { Anchor, type AnchorProps } from "@mantine/core";
import Link from "next/link";
import { plainText } from "./plain-text";
import { useRange } from "./range-switch";
import { servicePath } from "./service-path";

/** Leads to the page of a service, which shows the time that is looked at here. */
export function ServiceLink({ service, ...props }: { service: string } & AnchorProps) {
  const [range] = useRange();
  return (
    <Anchor component={Link} href={servicePath(service, range)} {...props}>
      {plainText(service)}
    </Anchor>
  );
}
