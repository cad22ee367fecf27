import { Center, Group, Paper, Stack, Text } from "@mantine/core";
import { IconStack2 } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { PageTitle } from "@/components/shared/page-title";

/** The frame of pages for people who are not signed in. */
export function AccessCard({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Center component="main" mih="100dvh" p="md">
      <Stack w="100%" maw={420}>
        <Group gap={6} justify="center">
          <IconStack2 aria-hidden />
          <Text fw={700} size="lg">
            Cordwood
          </Text>
        </Group>
        <Paper withBorder p="lg" radius="md">
          <Stack>
            <PageTitle>{title}</PageTitle>
            {children}
          </Stack>
        </Paper>
      </Stack>
    </Center>
  );
}
