"use client";

import { Alert, Anchor, Button, Loader, Stack, Text, Title } from "@mantine/core";
import { useState } from "react";
import { useEntryContext } from "@/components/api/use-logs";
import { LocalTime } from "@/components/shared/local-time";
import { MissingNotice } from "@/components/shared/missing-notice";
import { plainText } from "@/components/shared/plain-text";

const SHOWN_CHARACTERS = 200;

/** What the service of an entry said before and after it. */
export function Around({ id, openEntry }: { id: string; openEntry(id: string): void }) {
  const [wanted, setWanted] = useState(false);
  const { data, error } = useEntryContext(id, wanted);
  if (!wanted) {
    return (
      <Button variant="default" onClick={() => setWanted(true)}>
        Show what came before and after
      </Button>
    );
  }
  if (error) return <Alert color="red">{error.message}</Alert>;
  if (!data) return <Loader />;
  return (
    <Stack gap={2}>
      <Title order={3} size="h5">
        Before and after in {plainText(data.entry.service)}
      </Title>
      <MissingNotice answers={[data]} />
      {data.timed_out && (
        <Text size="sm" c="dimmed">
          The time was up before all of them were found.
        </Text>
      )}
      {[...data.after.toReversed(), data.entry, ...data.before].map((entry) => (
        <Anchor
          key={entry.id}
          component="button"
          type="button"
          ta="left"
          ff="monospace"
          size="xs"
          c={entry.id === id ? undefined : "inherit"}
          fw={entry.id === id ? 700 : 400}
          style={{ overflowWrap: "anywhere" }}
          onClick={() => openEntry(entry.id)}
        >
          <LocalTime time={entry.timestamp} size="xs" span withMilliseconds /> {entry.level}{" "}
          {plainText(entry.message.slice(0, SHOWN_CHARACTERS))}
        </Anchor>
      ))}
    </Stack>
  );
}
