"use client";

import { Button, Group, Modal, Stack, Text } from "@mantine/core";

type LeaveQuestionProps = {
  opened: boolean;
  /** What would be left: the form that is open, or the whole dashboard. */
  of: "form" | "dashboard";
  stay(): void;
  leave(): void;
};

const LOST = {
  form: "What you have typed here is not in the dashboard yet. If you leave, it is gone.",
  dashboard: "What you have changed is not saved. If you leave, the dashboard stays as it was.",
} as const;

/** Asked before changes are lost. */
export function LeaveQuestion({ opened, of, stay, leave }: LeaveQuestionProps) {
  return (
    <Modal stackId={`leave ${of}`} opened={opened} onClose={stay} title="Leave without saving?" centered>
      <Stack>
        <Text>{LOST[of]}</Text>
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
