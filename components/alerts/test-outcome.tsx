import { Alert, List } from "@mantine/core";
import type { useTestConfig } from "@/components/api/use-alerts";

/** A test that was sent, or is. */
export type AlertTest = Pick<ReturnType<typeof useTestConfig>, "data" | "error" | "isPending">;

/** What really became of a test, channel by channel. */
export function TestOutcome({ test }: { test: AlertTest }) {
  if (test.error) {
    return (
      <Alert color="red" role="alert" title="The test was not sent">
        {test.error.message}
      </Alert>
    );
  }
  if (!test.data || test.isPending) return null;
  const allWell = test.data.every(({ ok }) => ok);
  return (
    <Alert
      color={allWell ? "teal" : "orange"}
      role="status"
      title={allWell ? "The test arrived" : "Not every channel took the test"}
    >
      <List size="sm">
        {test.data.map(({ channel, target, ok, error }, place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: several may go to one target, and their order stays
          <List.Item key={place}>
            {channel} to {target}: {ok ? "taken" : error}
          </List.Item>
        ))}
      </List>
    </Alert>
  );
}
