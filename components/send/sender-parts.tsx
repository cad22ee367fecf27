"use client";

import { Code, Group, Stack, Text } from "@mantine/core";
import { CopyText } from "@/components/shared/copy-text";
import type { Part } from "@/core/senders/sender";

/** Files and commands, each with what copies it. */
export function SenderParts({ parts }: { parts: readonly Part[] }) {
  return (
    <Stack>
      {parts.map(({ title, text }) => (
        <Stack key={title} gap={4}>
          <Group justify="space-between" wrap="nowrap" align="end">
            <Text size="sm" fw={600} style={{ overflowWrap: "anywhere" }}>
              {title}
            </Text>
            <CopyText label="Copy" of={title} value={() => text} />
          </Group>
          <Code block tabIndex={0} aria-label={title} role="group">
            {text}
          </Code>
        </Stack>
      ))}
    </Stack>
  );
}
