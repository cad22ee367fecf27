import { Group, Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { PageTitle } from "@/components/shared/page-title";
import { plainText } from "@/components/shared/plain-text";

type DashboardHeadProps = { name: string; description: string; children?: ReactNode };

/** How a dashboard is called, and what can be done with it. */
export function DashboardHead({ name, description, children }: DashboardHeadProps) {
  return (
    <Group justify="space-between" align="start" gap="xs">
      <Stack gap={0} miw={0}>
        <PageTitle>{plainText(name)}</PageTitle>
        {description !== "" && (
          <Text size="sm" c="dimmed" style={{ overflowWrap: "anywhere" }}>
            {plainText(description)}
          </Text>
        )}
      </Stack>
      <Group gap="xs">{children}</Group>
    </Group>
  );
}
