"use client";

import { ActionIcon, type ActionIconProps, Tooltip } from "@mantine/core";
import type { ComponentPropsWithRef, ReactNode } from "react";

type IconButtonProps = { label: string; children: ReactNode } & ActionIconProps &
  Omit<ComponentPropsWithRef<"button">, keyof ActionIconProps | "aria-label">;

/** A button of an icon alone, whose name is read out, and shown under the pointer and with the focus. */
export function IconButton({ label, children, ...props }: IconButtonProps) {
  return (
    <Tooltip label={label} events={{ hover: true, focus: true, touch: false }}>
      <ActionIcon variant="default" size={36} aria-label={label} {...props}>
        {children}
      </ActionIcon>
    </Tooltip>
  );
}
