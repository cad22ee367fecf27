import { ActionIcon, Group } from "@mantine/core";
import { IconMailForward, IconPencil, IconTrash } from "@tabler/icons-react";
import Link from "next/link";

type AlertActionsProps = {
  /** Which one it is, such as "the alert for shop". */
  alert: string;
  /** What it is for. */
  subject: string;
  /** Of the page that changes it. */
  path: string;
  isTesting: boolean;
  test(): void;
  remove(): void;
};

/** What can be done with an alert in a list. */
export function AlertActions({ alert, subject, path, isTesting, test, remove }: AlertActionsProps) {
  return (
    <Group gap={4} wrap="nowrap">
      <ActionIcon component={Link} href={path} variant="subtle" aria-label={`Change ${alert}`}>
        <IconPencil size={18} aria-hidden />
      </ActionIcon>
      <ActionIcon variant="subtle" aria-label={`Send a test for ${subject}`} loading={isTesting} onClick={test}>
        <IconMailForward size={18} aria-hidden />
      </ActionIcon>
      <ActionIcon variant="subtle" color="red" aria-label={`Delete ${alert}`} onClick={remove}>
        <IconTrash size={18} aria-hidden />
      </ActionIcon>
    </Group>
  );
}
