"use client";

import { ActionIcon, Box, Button, Group, Switch, Tooltip, VisuallyHidden } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconDotsVertical, IconHelp, IconListDetails, IconRefresh } from "@tabler/icons-react";
import Link from "next/link";
import type { ReactNode } from "react";
import { IconButton } from "@/components/shared/icon-button";
import classes from "./logs-page.module.css";

/** On a phone what is needed now and then is behind a button. */
const TOOLS = "tools-of-logs";

type LogsControlsProps = {
  queryBar: ReactNode;
  timeRange: ReactNode;
  /** Opens the values by which the query can be narrowed; null where they are on the page, or there are none. */
  openValues: (() => void) | null;
  /** Of the query. */
  conditions: number;
  isLive: boolean;
  setLive(live: boolean): void;
  /** Null where it goes on by itself. */
  refresh: (() => void) | null;
  /** Columns, views, export. */
  children: ReactNode;
};

/** The query and its time, and what else changes what is shown. */
export function LogsControls({ queryBar, timeRange, isLive, setLive, refresh, ...rest }: LogsControlsProps) {
  const { openValues, conditions, children } = rest;
  const [isOpen, { toggle }] = useDisclosure();
  return (
    <div className={classes.controls}>
      <div className={classes.query}>{queryBar}</div>
      {timeRange}
      {openValues && (
        <Button
          variant="default"
          hiddenFrom="md"
          px="sm"
          leftSection={<IconListDetails size={16} aria-hidden />}
          onClick={openValues}
        >
          Values
          {conditions > 0 && (
            <>
              <span className={classes.conditions}>{conditions}</span>
              <VisuallyHidden> asked for</VisuallyHidden>
            </>
          )}
        </Button>
      )}
      <Tooltip label={isOpen ? "Fewer" : "More"}>
        <ActionIcon
          className={classes.more}
          variant={isOpen ? "light" : "default"}
          size={36}
          aria-label="More"
          aria-expanded={isOpen}
          aria-controls={TOOLS}
          onClick={toggle}
        >
          <IconDotsVertical size={18} aria-hidden />
        </ActionIcon>
      </Tooltip>
      <Box id={TOOLS} className={classes.tools} data-open={isOpen || undefined}>
        <Switch
          label="Live tail"
          styles={{ body: { alignItems: "center", height: 36 } }}
          checked={isLive}
          onChange={(event) => setLive(event.currentTarget.checked)}
        />
        <Group gap={4} wrap="nowrap">
          {children}
          {refresh && (
            <IconButton label="Refresh" onClick={refresh}>
              <IconRefresh size={18} aria-hidden />
            </IconButton>
          )}
          <Tooltip label="The query language">
            <ActionIcon
              component={Link}
              href="/logs/language"
              variant="default"
              size={36}
              aria-label="The query language"
            >
              <IconHelp size={18} aria-hidden />
            </ActionIcon>
          </Tooltip>
        </Group>
      </Box>
    </div>
  );
}
