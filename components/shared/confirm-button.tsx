"use client";

import { Alert, Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useLastingFocus } from "./use-lasting-focus";

type ConfirmButtonProps = {
  label: string;
  /** What it is read out as, where the label says too little by itself. */
  name?: string;
  /** Its place in the stack of dialogs that it stands in, if any. */
  stackId?: string;
  /** What will happen, as a question's answer needs to know it. */
  question: string;
  /** Of the button that does it. */
  action: string;
  isPending: boolean;
  error: Error | null;
  /** @param done closes the question */
  act: (done: () => void) => void;
};

/** For what can't be undone: asks once. */
export function ConfirmButton({ label, name, stackId, question, action, isPending, error, act }: ConfirmButtonProps) {
  const [opened, { open, close }] = useDisclosure();
  const keepFocus = useLastingFocus(opened);
  return (
    <>
      <Button size="compact-sm" variant="default" aria-label={name} onClick={open}>
        {label}
      </Button>
      <Modal stackId={stackId} opened={opened} onClose={close} onExitTransitionEnd={keepFocus} title={label} centered>
        <Stack>
          <Text>{question}</Text>
          {error && (
            <Alert color="red" role="alert">
              {error.message}
            </Alert>
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button color="red" loading={isPending} onClick={() => act(close)}>
              {action}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}
