"use client";

import { Button, Group, Stack, Text } from "@mantine/core";
import { PageTitle } from "@/components/shared/page-title";

export default function ErrorPage({ reset }: { reset: () => void }) {
  return (
    <Stack role="alert">
      <PageTitle>This page could not be loaded</PageTitle>
      <Text>Most likely the database does not answer at the moment. Nothing that was accepted is lost.</Text>
      <Group>
        <Button onClick={reset}>Try again</Button>
      </Group>
    </Stack>
  );
}
