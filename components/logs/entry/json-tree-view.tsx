"use client";

import { Box, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { formatCount } from "@/components/shared/format";
import { plainText } from "@/components/shared/plain-text";
import type { JsonTree } from "@/core/search/attribute-tree";
import { ManyItems } from "./many-items";

/** Something that holds nothing further. `path` names it as the query language does. */
export type JsonLeaf = {
  name: string;
  path: readonly string[];
  value: Exclude<JsonTree, { kind: "object" | "array" }> | Empty;
};

type Empty = { kind: "empty"; text: "{}" | "[]" };

type JsonTreeViewProps = {
  value: JsonTree;
  path?: readonly string[];
  /** What the value is called where it stands; the outermost has no name. */
  name?: string;
  leaf(leaf: JsonLeaf): ReactNode;
};

/** Deeper ones are folded at first. */
const OPEN_DEPTH = 3;
/** So are larger ones, but the outermost. */
const OPEN_MEMBERS = 50;

/** JSON as it is nested: what holds others can be folded. A name may stand twice, and each is shown. */
export function JsonTreeView({ value, path = [], name, leaf }: JsonTreeViewProps) {
  return <Nested value={value} path={path} name={name} leaf={leaf} depth={0} />;
}

function Nested({ value, path = [], name, leaf, depth }: JsonTreeViewProps & { depth: number }) {
  if (value.kind === "null" || value.kind === "scalar") return leaf({ name: name ?? "", path, value });
  const members = membersOf(value, path);
  if (members.length === 0) {
    return leaf({ name: name ?? "", path, value: { kind: "empty", text: value.kind === "array" ? "[]" : "{}" } });
  }
  const items = members.map((member, place) => (
    // Its place tells it from others of its name.
    <Nested key={String(place)} {...member} leaf={leaf} depth={depth + 1} />
  ));
  const content = <ManyItems items={items} noun={value.kind === "array" ? "elements" : "members"} />;
  if (name === undefined) return content;
  return (
    <details open={depth <= OPEN_DEPTH && members.length <= OPEN_MEMBERS}>
      <Text component="summary" size="sm" lh="24px" style={{ cursor: "pointer", overflowWrap: "anywhere" }}>
        {plainText(name)}{" "}
        <Text span size="xs" c="dimmed">
          {value.kind === "array" ? `[${formatCount(members.length)}]` : `{${formatCount(members.length)}}`}
        </Text>
      </Text>
      <Box pl="md" style={{ borderLeft: "1px solid var(--mantine-color-default-border)" }}>
        {content}
      </Box>
    </details>
  );
}

/** The elements of an array have its path, as the query language names them. */
function membersOf(value: Extract<JsonTree, { kind: "object" | "array" }>, path: readonly string[]) {
  return value.kind === "array"
    ? value.items.map((inner, place) => ({ name: `[${place}]`, value: inner, path }))
    : value.members.map(({ name, value: inner }) => ({ name, value: inner, path: [...path, name] }));
}
