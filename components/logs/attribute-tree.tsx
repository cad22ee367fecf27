"use client";

import { Box, Text } from "@mantine/core";
import { plainText } from "@/components/shared/plain-text";
import { EntryField } from "./entry-field";

type AttributeTreeProps = {
  value: unknown;
  path: readonly string[];
  /** What the value is called where it stands. */
  name: string;
  addCondition(condition: string): void;
};

const isBranch = (value: unknown): value is object => typeof value === "object" && value !== null;

/** The members of an object or an array; the elements of an array have its path, as the query language names them. */
function membersOf(value: object, path: readonly string[]) {
  return Array.isArray(value)
    ? value.map((inner: unknown, index) => ({ name: `[${index}]`, inner, path }))
    : Object.entries(value).map(([name, inner]: [string, unknown]) => ({ name, inner, path: [...path, name] }));
}

/** Attributes as they are nested: what holds others can be folded, what is a value can be asked for. */
export function AttributeTree({ value, path, name, addCondition }: AttributeTreeProps) {
  if (!isBranch(value)) {
    if (value === null || value === undefined) return <Leaf name={name} value="null" />;
    return <EntryField label={name} name={path.join(".")} value={String(value)} addCondition={addCondition} />;
  }
  const members = membersOf(value, path);
  if (members.length === 0) return <Leaf name={name} value={Array.isArray(value) ? "[]" : "{}"} />;
  const children = members.map(({ name: inner, inner: of, path: at }) => (
    <AttributeTree key={inner} value={of} path={at} name={inner} addCondition={addCondition} />
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
