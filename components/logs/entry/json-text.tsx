"use client";

import { Text } from "@mantine/core";
import type { JsonTree } from "@/core/search/attribute-tree";
import { MarkedText, useMarks } from "../marks";
import { JsonTreeView } from "./json-tree-view";

/** JSON within a text, as a tree: its values can be read, and, as they are no attributes, not be asked for. */
export function JsonText({ value }: { value: JsonTree }) {
  const marks = useMarks();
  return (
    <JsonTreeView
      value={value}
      leaf={({ name, value: of }) => {
        const text = of.kind === "null" ? "null" : of.text;
        const quote = of.kind === "scalar" && of.isString ? '"' : "";
        return (
          <Text size="sm" ff="monospace" style={{ overflowWrap: "anywhere", whiteSpace: "pre-wrap" }}>
            <Text span inherit c="dimmed">
              <MarkedText text={name} ranges={marks.inMessage(name)} />:{" "}
            </Text>
            {quote}
            <MarkedText text={text} ranges={marks.inMessage(text)} />
            {quote}
          </Text>
        );
      }}
    />
  );
}
