"use client";

import { ActionIcon, Anchor, Box, Group, Text, Tooltip } from "@mantine/core";
import { IconFilter, IconFilterOff } from "@tabler/icons-react";
import Link from "next/link";
import { plainText } from "@/components/shared/plain-text";
import { findJson } from "@/core/search/find-json";
import { conditionOf } from "@/core/search/query/quote-value";
import { MarkedText, useMarks } from "../marks";
import { correlationOf } from "./correlation";
import { JsonText } from "./json-text";
import { LongText } from "./long-text";

type EntryFieldProps = {
  label: string;
  /** As the query language calls it. */
  name: string;
  value: string;
  /** Of the entry. */
  timestamp: string;
  addCondition: (condition: string) => void;
};

/** A field with its value, and ways to ask for it. */
export function EntryField({ label, name, value, timestamp, addCondition }: EntryFieldProps) {
  const condition = conditionOf(name, value);
  return (
    <Group gap="xs" wrap="nowrap" align="start">
      <Group gap={2} wrap="nowrap">
        <Tooltip label="Only entries with this value">
          <ActionIcon
            size={24}
            variant="subtle"
            aria-label={`Filter for ${name} ${value.slice(0, 100)}`}
            onClick={() => addCondition(condition)}
          >
            <IconFilter size={14} aria-hidden />
          </ActionIcon>
        </Tooltip>
        <Tooltip label="No entries with this value">
          <ActionIcon
            size={24}
            variant="subtle"
            aria-label={`Filter out ${name} ${value.slice(0, 100)}`}
            onClick={() => addCondition(`NOT ${condition}`)}
          >
            <IconFilterOff size={14} aria-hidden />
          </ActionIcon>
        </Tooltip>
      </Group>
      <Text size="sm" c="dimmed" style={{ flex: "0 0 110px", overflowWrap: "anywhere" }}>
        {plainText(label)}
      </Text>
      <Box miw={0} flex={1}>
        <FieldValue name={name} value={value} timestamp={timestamp} />
      </Box>
    </Group>
  );
}

function FieldValue({ name, value, timestamp }: Pick<EntryFieldProps, "name" | "value" | "timestamp">) {
  const marks = useMarks();
  const correlation = correlationOf(name, value, timestamp);
  const json = findJson(value);
  const text = <MarkedText text={value} ranges={marks.inField(name, value)} />;
  return (
    <>
      <LongText text={value}>
        <Text size="sm" ff="monospace" style={{ overflowWrap: "anywhere", whiteSpace: "pre-wrap" }}>
          {correlation ? (
            <Tooltip label={`All lines of this ${correlation.what}`}>
              <Anchor component={Link} href={correlation.href} inherit>
                {text}
              </Anchor>
            </Tooltip>
          ) : (
            text
          )}
        </Text>
      </LongText>
      {json?.before === "" && (
        <details>
          <Text component="summary" size="xs" lh="24px" c="dimmed" style={{ cursor: "pointer" }}>
            as a tree
          </Text>
          <JsonText value={json.tree} />
        </details>
      )}
    </>
  );
}
