import { Alert, Button, Group, Text } from "@mantine/core";
import type { UseQueryResult } from "@tanstack/react-query";
import { isBadRequest } from "@/components/api/fetch-data";

type Count = Pick<UseQueryResult, "error" | "isFetching" | "refetch">;

type FailedCountsProps = {
  /** What is counted of a search beside its lines, by how it is called; null for what is not shown. */
  counts: Readonly<Record<string, Count | null>>;
};

/** Says what could not be counted, so that it is not taken for nothing. What is wrong with the query is told below it. */
export function FailedCounts({ counts }: FailedCountsProps) {
  const failed = Object.entries(counts).flatMap(([name, count]) =>
    count?.error && !isBadRequest(count.error) ? [{ name, count, message: count.error.message }] : [],
  );
  if (failed.length === 0) return null;
  return (
    <Alert color="yellow" role="alert" p="xs">
      <Group justify="space-between" gap="xs">
        <div>
          {failed.map(({ name, message }) => (
            <Text key={name} size="sm">
              {name} could not be counted: {message}.
            </Text>
          ))}
        </div>
        <Button
          size="compact-sm"
          variant="default"
          loading={failed.some(({ count }) => count.isFetching)}
          onClick={() => {
            for (const { count } of failed) void count.refetch();
          }}
        >
          Try again
        </Button>
      </Group>
    </Alert>
  );
}
