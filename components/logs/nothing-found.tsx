"use client";

import { Button, Code, Group, List, Stack, Text } from "@mantine/core";
import { LocalTime } from "@/components/shared/local-time";
import { plainText } from "@/components/shared/plain-text";
import type { NothingFound as Found } from "@/core/search/schemas";

type NothingFoundProps = {
  /** Null when nobody looked further. */
  found: Found | null;
  ask(query: string): void;
  /** Shows the time around a moment (ISO 8601). */
  showTime(time: string): void;
};

/** Why a search finds nothing, and what would find something. */
export function NothingFound({ found, ask, showTime }: NothingFoundProps) {
  return (
    <Stack gap="sm" role="status" py="sm">
      <Text fw={600}>Nothing found in this time.</Text>
      {found && <Parts parts={found.parts} />}
      {found && found.instead.length > 0 && (
        <Group gap="xs">
          <Text size="sm">In this time something is found</Text>
          {found.instead.map(({ taken_as, query }) => (
            <Button key={query} size="compact-sm" variant="default" title={query} onClick={() => ask(query)} maw="100%">
              {labelOf(taken_as)}
            </Button>
          ))}
        </Group>
      )}
      {found?.newest_before && (
        <OtherTime label="The newest before it is of" time={found.newest_before} show={showTime} />
      )}
      {found?.newest_after && <OtherTime label="The newest after it is of" time={found.newest_after} show={showTime} />}
      {found && !found.newest_before && !found.newest_after && found.is_complete && (
        <Text size="sm">No other time has any either.</Text>
      )}
      {found && !found.is_complete && (
        <Text size="sm" c="dimmed">
          There was no time to look for everything that might help.
        </Text>
      )}
    </Stack>
  );
}

/** `without x` and `its words, in any order` stand by themselves; a reading is what the query is taken for. */
const labelOf = (taken: string) => plainText(/^(?:without|its words)\b/.test(taken) ? taken : `taken for ${taken}`);

function Parts({ parts }: { parts: Found["parts"] }) {
  if (parts.length < 2) return null;
  const missing = parts.filter(({ finds }) => finds === false);
  if (missing.length === 0) {
    if (parts.some(({ finds }) => finds === null)) return null;
    return <Text size="sm">Each part of the query finds something by itself, but no entry has all of them.</Text>;
  }
  return (
    <Stack gap={4}>
      <Text size="sm">
        By {missing.length === 1 ? "itself this part finds" : "themselves these parts find"} nothing:
      </Text>
      <List size="sm">
        {missing.map(({ text }) => (
          <List.Item key={text}>
            <Code style={{ overflowWrap: "anywhere", whiteSpace: "pre-wrap" }}>{plainText(text)}</Code>
          </List.Item>
        ))}
      </List>
    </Stack>
  );
}

function OtherTime({ label, time, show }: { label: string; time: string; show(time: string): void }) {
  return (
    <Group gap="xs">
      <Text size="sm">
        {label} <LocalTime time={time} span />.
      </Text>
      <Button size="compact-sm" variant="default" onClick={() => show(time)}>
        Show that time
      </Button>
    </Group>
  );
}
