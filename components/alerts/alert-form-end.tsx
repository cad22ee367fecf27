import { Alert, Button, Group, Text } from "@mantine/core";
import Link from "next/link";
import { type AlertTest, TestOutcome } from "./test-outcome";

type AlertFormEndProps = {
  isNew: boolean;
  isDirty: boolean;
  saving: { error: Error | null; isPending: boolean };
  test: AlertTest;
  sendTest(): void;
};

/** The end of a form of an alert: what became of it, and the ways out of it. */
export function AlertFormEnd({ isNew, isDirty, saving, test, sendTest }: AlertFormEndProps) {
  return (
    <>
      {saving.error && (
        <Alert color="red" role="alert" title="Not saved">
          {saving.error.message}
        </Alert>
      )}
      <TestOutcome test={test} />
      <Group>
        <Button type="submit" loading={saving.isPending}>
          {isNew ? "Create alert" : "Save"}
        </Button>
        {!isNew && (
          <Button variant="default" loading={test.isPending} onClick={sendTest}>
            Send test
          </Button>
        )}
        <Button variant="subtle" component={Link} href="/alerts">
          Cancel
        </Button>
        {!isNew && isDirty && <Text size="sm">A test uses what is saved.</Text>}
      </Group>
    </>
  );
}
