import { Alert, Button, Group, Modal, Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { useLastingFocus } from "@/components/shared/use-lasting-focus";

type DeleteAlertProps = {
  opened: boolean;
  close(): void;
  remove: { error: Error | null; isPending: boolean; reset(): void };
  act(): void;
  /** What will happen. */
  children: ReactNode;
};

/** Asks before an alert goes. */
export function DeleteAlert({ opened, close, remove, act, children }: DeleteAlertProps) {
  const keepFocus = useLastingFocus(opened);
  // What was wrong with one alert is nothing to the next.
  const leave = () => {
    remove.reset();
    close();
  };
  return (
    <Modal opened={opened} onClose={leave} onExitTransitionEnd={keepFocus} title="Delete this alert?">
      <Stack>
        <Text>{children}</Text>
        {remove.error && (
          <Alert color="red" role="alert">
            {remove.error.message}
          </Alert>
        )}
        <Group justify="end">
          <Button variant="default" onClick={leave}>
            Keep it
          </Button>
          <Button color="red" loading={remove.isPending} onClick={act}>
            Delete
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
