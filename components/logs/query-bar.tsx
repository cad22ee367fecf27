"use client";

import { Anchor, Box, Button, Group, Stack, Text } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { IconArrowRight } from "@tabler/icons-react";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { useServiceNames } from "@/components/api/use-services";
import { cutText } from "@/core/cut-text";
import type { QueryProblem } from "@/core/search/query/query-problem";
import type { Facets } from "@/core/search/schemas";
import { completions } from "./completions";
import { QueryInput } from "./query-input";

/** What is wrong with a query, and its text as it was asked, which need not be what was typed to the last blank: places are of this one. */
export type WrongQuery = { asked: string; problem: QueryProblem };

type QueryBarProps = {
  q: string;
  /** Attributes that were found, with the values that are frequent. */
  attributes: Facets["fields"];
  wrong: WrongQuery | null;
  isSearching: boolean;
  search(q: string): void;
  /** What there is to say about it. */
  children?: ReactNode;
};

/** The query, with completions for the word that is typed, and with what is wrong marked in its place. */
export function QueryBar({ q, attributes, wrong, isSearching, search, children }: QueryBarProps) {
  const [text, setText] = useState(q);
  const input = useRef<HTMLTextAreaElement>(null);
  useEffect(() => setText(q), [q]);
  useHotkeys([["/", () => input.current?.focus()]]);
  const services = useServiceNames(typedService(text));
  const options = completions(text, services, attributes);
  const submit = (query: string) => search(query.trim());
  return (
    <Stack gap={4}>
      <Group gap="xs" wrap="nowrap" align="start">
        <Box flex={1} miw={0}>
          <QueryInput
            input={input}
            q={q}
            text={text}
            setText={setText}
            completions={options}
            isInvalid={wrong !== null}
            submit={submit}
          />
        </Box>
        <Button onClick={() => submit(text)} loading={isSearching} aria-label="Search" px={{ base: 10, xs: "md" }}>
          <Box component="span" visibleFrom="xs">
            Search
          </Box>
          <Box component="span" hiddenFrom="xs" display="flex">
            <IconArrowRight size={18} aria-hidden />
          </Box>
        </Button>
      </Group>
      {wrong && <Problem {...wrong} search={search} />}
      {children}
    </Stack>
  );
}

/** Of a query, before, in and behind the place that is wrong: what is wrong must stay in sight. */
const AROUND_CHARACTERS = 200;

type ProblemProps = WrongQuery & { search(q: string): void };

function Problem({ asked, problem: { position, length, problem, instead }, search }: ProblemProps) {
  const end = position + Math.max(1, length);
  const before = asked.slice(0, position);
  const isCut = before.length > AROUND_CHARACTERS;
  return (
    <Stack gap={0} role="alert">
      <Text size="sm" ff="monospace" style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
        {isCut ? `…${before.slice(1 - AROUND_CHARACTERS)}` : before}
        <Text span c="red" td="underline" style={{ textDecorationStyle: "wavy" }} fw={700}>
          {cutText(asked.slice(position, end), AROUND_CHARACTERS) || "␣"}
        </Text>
        {cutText(asked.slice(end), AROUND_CHARACTERS)}
      </Text>
      <Text size="sm" c="red">
        {problem}, at character {position + 1}
      </Text>
      {instead && (
        <Anchor
          component="button"
          type="button"
          size="sm"
          td="underline"
          ta="left"
          title={instead.query}
          onClick={() => search(instead.query)}
        >
          Take it for {instead.taken_as}
        </Anchor>
      )}
    </Stack>
  );
}

/** What stands behind `service:` at the end, null when something else is typed. */
const typedService = (text: string): string | null => /(?:^|[\s(-])service:"?([^\s()"]*)$/i.exec(text)?.[1] ?? null;
