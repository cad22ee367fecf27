import { Button, Group } from "@mantine/core";

type DialogButtonsProps = {
  /** What the button that submits says. */
  action: string;
  isPending?: boolean;
  cancel(): void;
};

/** The end of a form in a dialog. */
export function DialogButtons({ action, isPending = false, cancel }: DialogButtonsProps) {
  return (
    <Group justify="flex-end">
      <Button variant="default" onClick={cancel}>
        Cancel
      </Button>
      <Button type="submit" loading={isPending}>
        {action}
      </Button>
    </Group>
  );
}
