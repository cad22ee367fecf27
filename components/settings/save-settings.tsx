import { Alert, Button, Group } from "@mantine/core";
import type { ReactNode } from "react";
import { SaveProblem } from "@/components/shared/save-problem";

type SaveSettingsProps = {
  change: { error: Error | null; isSuccess: boolean; isPending: boolean };
  /** The form is not what was saved last. */
  isDirty: boolean;
  /** From when on it holds. */
  saved: string;
  /** What is wrong with the fields, by their paths. */
  errors: Readonly<Record<string, ReactNode>>;
  /** Gives up what was typed for what somebody else has stored meanwhile; null: nobody has. */
  showStored: (() => void) | null;
};

/** The end of a form of settings: what was wrong with it, or that it is saved, and the button that saves it. */
export function SaveSettings({ change, isDirty, saved, errors, showStored }: SaveSettingsProps) {
  return (
    <>
      <SaveProblem error={change.error} errors={errors} showStored={showStored} />
      {change.isSuccess && !isDirty && (
        <Alert color="green" role="status">
          {saved}
        </Alert>
      )}
      <Group>
        <Button type="submit" loading={change.isPending}>
          Save
        </Button>
      </Group>
    </>
  );
}
