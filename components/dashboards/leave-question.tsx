"use client";

import { Button, Group, Modal, Stack, Text } from "@mantine/core";

type LeaveQuestionProps = { opened: boolean; stay(): void; leave(): void };

/** Asked before changes are lost. */
export function LeaveQuestion({ opened, stay, leave }: LeaveQuestionProps) {
  return (
    <Modal stackId="question" opened={opened} onClose={stay} title="Leave without saving?" centered>
      <Stack>
        <Text>What you have changed is not saved. If you leave, the dashboard stays as it was.</Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={stay}>
            Go on changing
          </Button>
          <Button color="red" onClick={leave}>
            Leave without saving
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
