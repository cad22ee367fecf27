import { Alert, Button, Group, Modal, type ModalProps, Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { useLastingFocus } from "./use-lasting-focus";

type ConfirmDialogProps = Pick<ModalProps, "opened" | "title" | "centered" | "stackId"> & {
  close(): void;
  /** What will happen, as a question's answer needs to know it. */
  children: ReactNode;
  /** Of the button that leaves all as it is. */
  cancel: string;
  /** Of the button that does it. */
  action: string;
  isPending: boolean;
  error: Error | null;
  act(): void;
};

/** Asks once before what can't be undone. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { close, children, cancel, action, isPending, error, act, ...modal } = props;
  const keepFocus = useLastingFocus(modal.opened);
  return (
    <Modal {...modal} onClose={close} onExitTransitionEnd={keepFocus}>
      <Stack>
        <Text>{children}</Text>
        {error && (
          <Alert color="red" role="alert">
            {error.message}
          </Alert>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            {cancel}
          </Button>
          <Button color="red" loading={isPending} onClick={act}>
            {action}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
