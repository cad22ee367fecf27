"use client";

import { Text } from "@mantine/core";
import { plainText } from "@/components/shared/plain-text";
import type { JsonTree } from "@/core/search/attribute-tree";
import { EntryField } from "./entry-field";
import { JsonTreeView } from "./json-tree-view";

type AttributeTreeProps = { value: JsonTree; timestamp: string; addCondition(condition: string): void };

/** Attributes as they are nested; what is a value can be asked for. */
export function AttributeTree({ value, timestamp, addCondition }: AttributeTreeProps) {
  return (
    <JsonTreeView
      value={value}
      leaf={({ name, path, value: of }) =>
        of.kind === "scalar" ? (
          <EntryField
            label={name}
            name={path.join(".")}
            value={of.text}
            timestamp={timestamp}
            addCondition={addCondition}
          />
        ) : (
          <Text size="sm" c="dimmed" pl={52}>
            {plainText(name)} {of.kind === "null" ? "null" : of.text}
          </Text>
        )
      }
    />
  );
}
