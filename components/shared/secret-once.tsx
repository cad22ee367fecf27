"use client";

import { Alert, Code, Group, Stack, Text } from "@mantine/core";
import { CopyText } from "./copy-text";

type SecretOnceProps = {
  title: string;
  /** What to do with it. */
  children: string;
  secret: string;
  close: () => void;
};

/** What is shown this once: a key, or a link with a token. */
export function SecretOnce({ title, children, secret, close }: SecretOnceProps) {
  return (
    <Alert color="green" title={title} role="status" withCloseButton closeButtonLabel="Hide it" onClose={close}>
      <Stack gap="xs">
        <Text size="sm">{children}</Text>
        <Group gap="xs">
          <Code style={{ overflowWrap: "anywhere" }}>{secret}</Code>
          <CopyText label="Copy" value={() => secret} />
        </Group>
      </Stack>
    </Alert>
  );
}
