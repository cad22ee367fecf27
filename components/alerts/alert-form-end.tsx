import { Button, Group, Text } from "@mantine/core";
import Link from "next/link";
import type { ReactNode } from "react";
import { SaveProblem } from "@/components/shared/save-problem";
import { type AlertTest, TestOutcome } from "./test-outcome";

type AlertFormEndProps = {
  isNew: boolean;
  isDirty: boolean;
  saving: { error: Error | null; isPending: boolean };
  /** What is wrong with the fields, by their paths. */
  errors: Readonly<Record<string, ReactNode>>;
  /** Gives up what was typed for what somebody else has stored meanwhile; null: nobody has. */
  showStored: (() => void) | null;
  test: AlertTest;
  sendTest(): void;
};

/** The end of a form of an alert: what became of it, and the ways out of it. */
export function AlertFormEnd({ isNew, isDirty, saving, errors, showStored, test, sendTest }: AlertFormEndProps) {
  return (
    <>
      <SaveProblem error={saving.error} errors={errors} showStored={showStored} />
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

type Router = { push(path: string): void; refresh(): void };

/** After it was saved. What the browser keeps to go back to is from before. */
export function leaveForm(router: Router): void {
  router.push("/alerts");
  router.refresh();
}
