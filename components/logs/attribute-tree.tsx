"use client";

import { Box, Text } from "@mantine/core";
import { plainText } from "@/components/shared/plain-text";
import type { JsonTree } from "@/core/search/attribute-tree";
import { EntryField } from "./entry-field";

type AttributeTreeProps = {
  value: JsonTree;
  path: readonly string[];
  /** What the value is called where it stands. */
  name: string;
  addCondition(condition: string): void;
};

/** The members of an object or an array; the elements of an array have its path, as the query language names them. */
function membersOf(value: JsonTree, path: readonly string[]) {
  if (value.kind === "array")
    return value.items.map((inner, place) => ({ key: String(place), name: `[${place}]`, inner, path }));
  return value.kind === "object"
    ? value.members.map(({ name, value: inner }, place) => ({ key: String(place), name, inner, path: [...path, name] }))
    : [];
}

/** Attributes as they are nested: what holds others can be folded, what is a value can be asked for. */
export function AttributeTree({ value, path, name, addCondition }: AttributeTreeProps) {
  if (value.kind === "null") return <Leaf name={name} value="null" />;
  if (value.kind === "scalar") {
    return <EntryField label={name} name={path.join(".")} value={value.text} addCondition={addCondition} />;
  }
  const members = membersOf(value, path);
  if (members.length === 0) return <Leaf name={name} value={value.kind === "array" ? "[]" : "{}"} />;
  // A name may stand twice, and each is shown: its place tells them apart.
  const children = members.map(({ key, name: inner, inner: of, path: at }) => (
    <AttributeTree key={key} value={of} path={at} name={inner} addCondition={addCondition} />
  ));
  if (path.length === 0 && name === "") return children;
  return (
    <details open>
      <Text component="summary" size="sm" c="dimmed" style={{ cursor: "pointer", overflowWrap: "anywhere" }}>
        {plainText(name)}
      </Text>
      <Box pl="md" style={{ borderLeft: "1px solid var(--mantine-color-default-border)" }}>
        {children}
      </Box>
    </details>
  );
}

function Leaf({ name, value }: { name: string; value: string }) {
  return (
    <Text size="sm" c="dimmed" pl={52}>
      {plainText(name)} {value}
    </Text>
  );
}
