import type { ReactNode } from "react";
import { ConfirmDialog } from "@/components/shared/confirm-dialog";

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
  // What was wrong with one alert is nothing to the next.
  const leave = () => {
    remove.reset();
    close();
  };
  return (
    <ConfirmDialog
      opened={opened}
      close={leave}
      title="Delete this alert?"
      cancel="Keep it"
      action="Delete"
      isPending={remove.isPending}
      error={remove.error}
      act={act}
    >
      {children}
    </ConfirmDialog>
  );
}
