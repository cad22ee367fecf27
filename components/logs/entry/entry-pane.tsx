"use client";

import { Alert, Button, CloseButton, Drawer, Group, Loader, Text, Tooltip, VisuallyHidden } from "@mantine/core";
import { useHotkeys, useMediaQuery, useMounted } from "@mantine/hooks";
import { IconChevronDown, IconChevronUp } from "@tabler/icons-react";
import { useEffect, useRef } from "react";
import { useEntry } from "@/components/api/use-logs";
import { formatCount } from "@/components/shared/format";
import { plainText } from "@/components/shared/plain-text";
import { type EntryActions, EntryDetail } from "./entry-detail";
import classes from "./entry-pane.module.css";
import type { Neighbours } from "./neighbours";

type EntryPaneProps = {
  id: string | null;
  neighbours: Neighbours;
  /** Opens a neighbour in its place. */
  step(id: string): void;
  close(): void;
} & EntryActions;

/** From this width on the list stays beside the entry. */
const BESIDE = "(min-width: 75em)";

/** The entry that is open: beside the list where there is room, else over it. */
export function EntryPane({ id, close, ...rest }: EntryPaneProps) {
  const isMounted = useMounted();
  const isBeside = useMediaQuery(BESIDE);
  if (!isMounted) return null;
  if (!isBeside) {
    return (
      <Drawer
        opened={id !== null}
        onClose={close}
        position="right"
        size="lg"
        title="Entry"
        overlayProps={{ backgroundOpacity: 0.2 }}
      >
        <Opened id={id} {...rest} />
      </Drawer>
    );
  }
  return id === null ? null : <Pane id={id} close={close} {...rest} />;
}

function Pane({ close, ...rest }: EntryPaneProps) {
  const pane = useRef<HTMLElement>(null);
  const scrolled = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // Whoever opens an entry goes on in it; whoever comes by a link to one begins at the top of the page.
    if (document.activeElement !== document.body) pane.current?.focus({ preventScroll: true });
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another entry begins at its top
  useEffect(() => {
    scrolled.current?.scrollTo({ top: 0 });
  }, [rest.id]);
  useHotkeys([["Escape", ({ target }) => isInOverlay(target) || close()]]);
  return (
    <section ref={pane} aria-label="Entry" className={classes.pane} tabIndex={-1}>
      <div ref={scrolled} className={classes.scrolled}>
        <VisuallyHidden component="h2">Entry</VisuallyHidden>
        <CloseButton className={classes.close} aria-label="Close" title="Close (Escape)" onClick={close} />
        <Opened {...rest} />
      </div>
    </section>
  );
}

/** Escape closes what is over the page first, and that alone. */
const isInOverlay = (target: EventTarget | null): boolean =>
  target instanceof Element && target.closest('[role="dialog"], [role="menu"], [role="listbox"]') !== null;

function Opened({ id, neighbours, step, ...actions }: Omit<EntryPaneProps, "close">) {
  const { data: entry, error, isPending } = useEntry(id);
  const { previous, next, position, count } = neighbours;
  return (
    <>
      <Group gap="xs" mb="sm">
        <Step label="Previous" shortcut="k" to={previous} step={step} />
        <Step label="Next" shortcut="j" to={next} step={step} />
        {position !== null && (
          <Text size="sm" c="dimmed">
            {formatCount(position)} of {formatCount(count)} shown
          </Text>
        )}
      </Group>
      <VisuallyHidden role="status">
        {entry && `${entry.level}, ${plainText(entry.service)}: ${plainText(entry.message.slice(0, 200))}`}
      </VisuallyHidden>
      {id !== null && isPending && <Loader />}
      {error && <Alert color="red">{error.message}</Alert>}
      {entry && <EntryDetail key={entry.id} entry={entry} {...actions} />}
    </>
  );
}

type StepProps = { label: "Previous" | "Next"; shortcut: string; to: string | null; step(id: string): void };

/** Keeps the focus where there is none to go to, so that it is not lost at the end of the list. */
function Step({ label, shortcut, to, step }: StepProps) {
  const Icon = label === "Next" ? IconChevronDown : IconChevronUp;
  return (
    <Tooltip label={`${label} entry in the list (${shortcut})`}>
      <Button
        size="compact-sm"
        variant="default"
        leftSection={<Icon size={14} aria-hidden />}
        aria-label={`${label} entry`}
        aria-keyshortcuts={shortcut}
        aria-disabled={to === null}
        data-disabled={to === null || undefined}
        onClick={() => to !== null && step(to)}
      >
        {label}
      </Button>
    </Tooltip>
  );
}
