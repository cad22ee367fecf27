"use client";

import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { ConfirmDialog } from "./confirm-dialog";

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
  return (
    <>
      <Button size="compact-sm" variant="default" aria-label={name} onClick={open}>
        {label}
      </Button>
      <ConfirmDialog
        stackId={stackId}
        opened={opened}
        close={close}
        title={label}
        centered
        cancel="Cancel"
        action={action}
        isPending={isPending}
        error={error}
        act={() => act(close)}
      >
        {question}
      </ConfirmDialog>
    </>
  );
}
