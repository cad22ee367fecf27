"use client";

import { Button, Group, Stack, Text, Title } from "@mantine/core";

export default function ErrorPage({ reset }: { reset: () => void }) {
  return (
    <Stack role="alert">
      <Title order={1} size="h2">
        This page could not be loaded
      </Title>
      <Text>Most likely the database does not answer at the moment. Nothing that was accepted is lost.</Text>
      <Group>
        <Button onClick={reset}>Try again</Button>
      </Group>
    </Stack>
  );
}
