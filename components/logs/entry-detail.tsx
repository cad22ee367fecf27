"use client";

import { Alert, Anchor, Button, Code, CopyButton, Drawer, Group, Loader, Stack, Title, Tooltip } from "@mantine/core";
import Link from "next/link";
import { useState } from "react";
import { useEntry, useEntryContext } from "@/components/api/use-logs";
import { LevelBadge } from "@/components/shared/level-badge";
import { LocalTime } from "@/components/shared/local-time";
import { plainText } from "@/components/shared/plain-text";
import { servicePath } from "@/components/shared/service-path";
import { isOtherPattern } from "@/core/patterns/pattern-id";
import { prettyJson } from "@/core/search/attribute-tree";
import { entryText } from "@/core/search/entry-json";
import type { Entry } from "@/core/search/schemas";
import { AttributeTree } from "./attribute-tree";
import { shownAttributes } from "./coloured-pieces";
import { EntryField } from "./entry-field";
import { EntryMessage } from "./entry-message";

type EntryDetailProps = {
  id: string | null;
  close(): void;
  /** Adds a condition to the query. */
  addCondition(condition: string): void;
  /** Takes another query in place of the present one. */
  ask(query: string): void;
  openEntry(id: string): void;
};

/** Everything about one entry, and ways to go on from it. */
export function EntryDetail({ id, close, ...actions }: EntryDetailProps) {
  const { data: entry, error, isPending } = useEntry(id);
  return (
    <Drawer
      opened={id !== null}
      onClose={close}
      position="right"
      size="lg"
      title="Entry"
      overlayProps={{ backgroundOpacity: 0.2 }}
    >
      {isPending && <Loader />}
      {error && <Alert color="red">{error.message}</Alert>}
      {entry && <Detail key={entry.id} entry={entry} {...actions} />}
    </Drawer>
  );
}

type DetailProps = { entry: Entry } & Omit<EntryDetailProps, "id" | "close">;

function Detail({ entry, addCondition, ask, openEntry }: DetailProps) {
  const { pattern } = entry;
  const link = () => `${window.location.origin}/logs?entry=${encodeURIComponent(entry.id)}`;
  return (
    <Stack>
      <Group gap="xs">
        <LevelBadge level={entry.level} />
        <LocalTime time={entry.timestamp} />
        <Anchor component={Link} href={servicePath(entry.service)} size="sm">
          {plainText(entry.service)}
        </Anchor>
      </Group>
      <Code block style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
        <EntryMessage entry={entry} />
      </Code>
      <Group gap="xs">
        <Copy label="Copy as JSON" value={() => prettyJson(entryText(entry))} />
        <Copy label="Copy link" value={link} />
        {pattern !== null && !isOtherPattern(pattern) && (
          <Tooltip label="Lines of the same words with other values">
            <Button size="compact-sm" variant="default" onClick={() => ask(`pattern:${pattern}`)}>
              Similar lines
            </Button>
          </Tooltip>
        )}
      </Group>
      <Title order={3} size="h5">
        Fields
      </Title>
      <Stack gap={2}>
        <EntryField label="level" name="level" value={entry.level} addCondition={addCondition} />
        <EntryField label="service" name="service" value={entry.service} addCondition={addCondition} />
        {entry.tags?.map((tag) => (
          <EntryField key={tag} label="tag" name="tag" value={tag} addCondition={addCondition} />
        ))}
        {entry.attributes !== null && (
          <AttributeTree value={shownAttributes(entry)} path={[]} name="" addCondition={addCondition} />
        )}
      </Stack>
      <Around id={entry.id} openEntry={openEntry} />
    </Stack>
  );
}

function Copy({ label, value }: { label: string; value: () => string }) {
  const [text, setText] = useState("");
  return (
    <CopyButton value={text}>
      {({ copied, copy }) => (
        <Button
          size="compact-sm"
          variant="default"
          onFocus={() => setText(value())}
          onMouseEnter={() => setText(value())}
          onClick={copy}
        >
          {copied ? "Copied" : label}
        </Button>
      )}
    </CopyButton>
  );
}

function Around({ id, openEntry }: { id: string; openEntry(id: string): void }) {
  const [wanted, setWanted] = useState(false);
  const { data, error } = useEntryContext(id, wanted);
  if (!wanted) {
    return (
      <Button variant="default" onClick={() => setWanted(true)}>
        Show what came before and after
      </Button>
    );
  }
  if (error) return <Alert color="red">{error.message}</Alert>;
  if (!data) return <Loader />;
  return (
    <Stack gap={2}>
      <Title order={3} size="h5">
        Before and after in {data.entry.service}
      </Title>
      {[...data.after.toReversed(), data.entry, ...data.before].map((entry) => (
        <Anchor
          key={entry.id}
          component="button"
          type="button"
          ta="left"
          ff="monospace"
          size="xs"
          c={entry.id === id ? undefined : "inherit"}
          fw={entry.id === id ? 700 : 400}
          style={{ overflowWrap: "anywhere" }}
          onClick={() => openEntry(entry.id)}
        >
          <LocalTime time={entry.timestamp} size="xs" span /> {entry.level} {entry.message.slice(0, 200)}
        </Anchor>
      ))}
    </Stack>
  );
}
