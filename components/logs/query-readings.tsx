"use client";

import { Anchor, Code, Group, Text } from "@mantine/core";
import { plainText } from "@/components/shared/plain-text";
import type { Reading } from "@/core/search/query/reading-schemas";

const MOST_CHARACTERS = 80;

type QueryReadingsProps = {
  q: string;
  /** What was searched for: `q`, or that for which a pasted line was taken. */
  query: string;
  readings: readonly Reading[];
  /** Paths of attributes that what was found has. */
  attributes: readonly string[];
  ask(query: string): void;
};

/** What was taken for what where it could be two things, each a click away from being taken for the other. */
export function QueryReadings({ q, query, readings, attributes, ask }: QueryReadingsProps) {
  // An entry that has the attribute shows that it is one.
  const known = new Set(attributes.map((path) => path.toLowerCase()));
  const open = readings.filter(({ attribute }) => attribute === null || !known.has(attribute.toLowerCase()));
  return open.map(({ position, length, text, taken_as, instead }) => {
    const isAll = length >= q.trim().length && /\s/.test(text.trim());
    return (
      <Group key={position} gap="xs" role="status">
        <Text size="xs">
          {isAll ? "All of it" : <Code>{plainText(cut(text))}</Code>} is taken for {plainText(taken_as)}
          {isAll && query !== q && (
            <>
              {": "}
              <Code>{plainText(cut(query))}</Code>
            </>
          )}
          .
        </Text>
        {isAll && query !== q && <Ask label="Edit that query" query={query} ask={ask} />}
        {instead.map((other) => (
          <Ask key={other.query} label={`Take it for ${other.taken_as}`} query={other.query} ask={ask} />
        ))}
      </Group>
    );
  });
}

const cut = (text: string) => (text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}…` : text);

function Ask({ label, query, ask }: { label: string; query: string; ask(query: string): void }) {
  return (
    <Anchor component="button" type="button" size="xs" td="underline" title={query} onClick={() => ask(query)}>
      {plainText(label)}
    </Anchor>
  );
}
