"use client";

import { ActionIcon, Group, Text, Tooltip } from "@mantine/core";
import { IconFilter, IconFilterOff } from "@tabler/icons-react";
import { plainText } from "@/components/shared/plain-text";
import { conditionOf } from "@/core/search/query/quote-value";

/** A field with its value, and ways to ask for it. @param name as the query language calls it */
export function EntryField({
  label,
  name,
  value,
  addCondition,
}: {
  label: string;
  name: string;
  value: string;
  addCondition: (condition: string) => void;
}) {
  const condition = conditionOf(name, value);
  return (
    <Group gap="xs" wrap="nowrap" align="start">
      <Group gap={2} wrap="nowrap">
        <Tooltip label="Only entries with this value">
          <ActionIcon
            size={24}
            variant="subtle"
            aria-label={`Filter for ${name} ${value}`}
            onClick={() => addCondition(condition)}
          >
            <IconFilter size={14} aria-hidden />
          </ActionIcon>
        </Tooltip>
        <Tooltip label="No entries with this value">
          <ActionIcon
            size={24}
            variant="subtle"
            aria-label={`Filter out ${name} ${value}`}
            onClick={() => addCondition(`NOT ${condition}`)}
          >
            <IconFilterOff size={14} aria-hidden />
          </ActionIcon>
        </Tooltip>
      </Group>
      <Text size="sm" c="dimmed" style={{ minWidth: 110, overflowWrap: "anywhere" }}>
        {plainText(label)}
      </Text>
      <Text size="sm" ff="monospace" style={{ overflowWrap: "anywhere", whiteSpace: "pre-wrap" }}>
        {plainText(value)}
      </Text>
    </Group>
  );
}
