"use client";

import { Button, Code, CopyButton, Group, Stack, Text, VisuallyHidden } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
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
            <CopyButton value={text}>
              {({ copied, copy }) => (
                <Button
                  size="compact-sm"
                  variant="light"
                  onClick={copy}
                  style={{ flexShrink: 0 }}
                  leftSection={copied ? <IconCheck size={14} aria-hidden /> : <IconCopy size={14} aria-hidden />}
                >
                  {copied ? "Copied" : "Copy"}
                  <VisuallyHidden> {title}</VisuallyHidden>
                </Button>
              )}
            </CopyButton>
          </Group>
          <Code block tabIndex={0} aria-label={title} role="group">
            {text}
          </Code>
        </Stack>
      ))}
    </Stack>
  );
}
