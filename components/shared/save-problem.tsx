import { Alert, Button, Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { isConflict } from "@/components/api/fetch-data";
import { countOf } from "./format";

type SaveProblemProps = {
  /** What the server said of the last attempt. */
  error: Error | null;
  /** What is wrong with the fields, by their paths. */
  errors: Readonly<Record<string, ReactNode>>;
  /** Gives up what was typed for what somebody else has stored meanwhile; null: nobody has. */
  showStored: (() => void) | null;
};

/** Beside the button that saves: why nothing was saved. */
export function SaveProblem({ error, errors, showStored }: SaveProblemProps) {
  if (error) {
    const isOther = isConflict(error) && showStored !== null;
    return (
      <Alert color="red" role="alert" title={isOther ? "Somebody else has changed it" : "Not saved"}>
        <Stack gap="xs" align="start">
          <Text size="sm">{error.message}</Text>
          {isOther && (
            <Button size="compact-sm" variant="default" onClick={showStored}>
              Show what is there now
            </Button>
          )}
        </Stack>
      </Alert>
    );
  }
  const wrong = Object.values(errors).filter(Boolean).length;
  if (wrong === 0) return null;
  return (
    <Text size="sm" c="red" role="alert">
      Not saved: {countOf(wrong, "field")} {wrong === 1 ? "is" : "are"} not right.
    </Text>
  );
}
