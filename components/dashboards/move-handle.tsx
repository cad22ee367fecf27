"use client";

import { ActionIcon } from "@mantine/core";
import { IconGripVertical } from "@tabler/icons-react";
import type { KeyboardEvent } from "react";
import { ARRANGEMENTS, type Arrangement } from "./arrange";
import classes from "./dashboards.module.css";
import { HANDLE } from "./edit-grid";

type MoveHandleProps = { title: string; arrange(how: Arrangement): void };

/** Drags a panel by the pointer; by the keyboard the arrows move it, and with Shift change its size. */
export function MoveHandle({ title, arrange }: MoveHandleProps) {
  const onKeyDown = (event: KeyboardEvent) => {
    const pressed = `${event.shiftKey ? "Shift+" : ""}${event.key}`;
    const arrangement = ARRANGEMENTS.find(({ key }) => key === pressed);
    if (!arrangement || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    arrange(arrangement.name);
  };
  return (
    <ActionIcon
      className={`${classes.handle} ${HANDLE}`}
      variant="subtle"
      color="gray"
      size={28}
      aria-label={`Move ${title}: arrows move it, Shift and arrows change its size`}
      aria-keyshortcuts={ARRANGEMENTS.map(({ key }) => key).join(" ")}
      onKeyDown={onKeyDown}
    >
      <IconGripVertical size={16} aria-hidden />
    </ActionIcon>
  );
}
