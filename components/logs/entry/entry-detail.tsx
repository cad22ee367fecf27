"use client";

import { Anchor, Button, Group, Stack, Text, Title, Tooltip } from "@mantine/core";
import Link from "next/link";
import { useMemo } from "react";
import { ClockAhead } from "@/components/shared/clock-ahead";
import { CopyText } from "@/components/shared/copy-text";
import { LevelBadge } from "@/components/shared/level-badge";
import { LocalTime } from "@/components/shared/local-time";
import { plainText } from "@/components/shared/plain-text";
import { servicePath } from "@/components/shared/service-path";
import { useTimeZone } from "@/components/time-zone/time-zone";
import { MESSAGE_ANSI } from "@/core/message-ansi";
import { isOtherPattern } from "@/core/patterns/pattern-id";
import { prettyJson } from "@/core/search/attribute-tree";
import { entryText } from "@/core/search/entry-json";
import { flattenAttributes } from "@/core/search/flatten-attributes";
import type { Entry } from "@/core/search/schemas";
import { readTrace } from "@/core/traces/read-trace";
import { shownAttributes } from "../coloured-pieces";
import { MessageText } from "../entry-message";
import { Around } from "./around";
import { AttributeTree } from "./attribute-tree";
import { correlationOf } from "./correlation";
import { EntryField } from "./entry-field";
import { MessageView } from "./message-view";

export type EntryActions = {
  /** Adds a condition to the query. */
  addCondition(condition: string): void;
  /** Takes another query in place of the present one. */
  ask(query: string): void;
  openEntry(id: string): void;
};

/** Everything about one entry, and ways to go on from it. */
export function EntryDetail({ entry, addCondition, ask, openEntry }: { entry: Entry } & EntryActions) {
  const { pattern, timestamp } = entry;
  const { zone } = useTimeZone();
  const { attributes, traces } = useMemo(() => {
    const all = flattenAttributes(entry.attributes).filter(([path]) => path !== MESSAGE_ANSI);
    return { attributes: all, traces: all.filter(([, value]) => readTrace(value) !== null) };
  }, [entry.attributes]);
  const link = () => `${window.location.origin}/logs?${new URLSearchParams({ entry: entry.id, tz: zone }).toString()}`;
  const field = { timestamp, addCondition };
  return (
    <Stack>
      <Group gap="xs">
        <LevelBadge level={entry.level} />
        <LocalTime time={timestamp} withMilliseconds />
        <ClockAhead time={timestamp} />
        <Anchor component={Link} href={servicePath(entry.service)} size="sm" style={{ overflowWrap: "anywhere" }}>
          {plainText(entry.service)}
        </Anchor>
      </Group>
      <MessageView what="message" text={entry.message}>
        <MessageText entry={entry} />
      </MessageView>
      {traces.map(([path, value]) => (
        <Stack key={path} gap={6}>
          <Title order={3} size="h5" style={{ overflowWrap: "anywhere" }}>
            {plainText(path)}
          </Title>
          <MessageView what="stack trace" text={value}>
            {plainText(value)}
          </MessageView>
        </Stack>
      ))}
      <Group gap="xs">
        <CopyText label="Copy as JSON" value={() => prettyJson(entryText(entry))} />
        <CopyText label="Copy link" value={link} />
        {pattern !== null && !isOtherPattern(pattern) && (
          <Tooltip label="Lines of the same words with other values">
            <Button size="compact-sm" variant="default" onClick={() => ask(`pattern:${pattern}`)}>
              Similar lines
            </Button>
          </Tooltip>
        )}
        {correlationsOf(attributes, timestamp).map(({ what, href }) => (
          <Button key={what} component={Link} href={href} size="compact-sm" variant="default">
            Lines of this {what}
          </Button>
        ))}
      </Group>
      <Title order={3} size="h5">
        Fields
      </Title>
      <Stack gap={2}>
        <Group gap="xs" wrap="nowrap" pl={58}>
          <Text size="sm" c="dimmed" style={{ flex: "0 0 110px" }}>
            timestamp
          </Text>
          <Text size="sm" ff="monospace" style={{ overflowWrap: "anywhere" }}>
            {timestamp}
          </Text>
        </Group>
        <EntryField label="level" name="level" value={entry.level} {...field} />
        <EntryField label="service" name="service" value={entry.service} {...field} />
        {entry.tags?.map((tag) => (
          <EntryField key={tag} label="tag" name="tag" value={tag} {...field} />
        ))}
        {entry.attributes !== null && <AttributeTree value={shownAttributes(entry)} {...field} />}
      </Stack>
      <Around id={entry.id} openEntry={openEntry} />
    </Stack>
  );
}

/** One of each kind, the first. */
function correlationsOf(attributes: readonly (readonly [path: string, value: string])[], timestamp: string) {
  const found = attributes.flatMap(([path, value]) => correlationOf(path, value, timestamp) ?? []);
  return found.filter(({ what }, index) => found.findIndex((other) => other.what === what) === index);
}
