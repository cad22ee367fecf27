import { Alert, Button, Group } from "@mantine/core";

type SaveSettingsProps = {
  change: { error: Error | null; isSuccess: boolean; isPending: boolean };
  /** The form is not what was saved last. */
  isDirty: boolean;
  /** From when on it holds. */
  saved: string;
};

/** The end of a form of settings: what was wrong with it, or that it is saved, and the button that saves it. */
export function SaveSettings({ change, isDirty, saved }: SaveSettingsProps) {
  return (
    <>
      {change.error && (
        <Alert color="red" role="alert">
          {change.error.message}
        </Alert>
      )}
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
