import { Alert, Anchor, List, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import Link from "next/link";
import type { FailingJob } from "@/core/jobs/schemas";

/** Says which jobs fail again and again: without them figures go stale and alerts stay away, while the page looks well. */
export function FailingJobs({ jobs }: { jobs: readonly FailingJob[] }) {
  if (jobs.length === 0) return null;
  return (
    <Alert color="red" icon={<IconAlertTriangle aria-hidden />} title="Jobs fail again and again" role="alert">
      <List size="sm">
        {jobs.map(({ job_type, title, error }) => (
          <List.Item key={job_type}>
            {title}: {error ?? "no reason was recorded"}
          </List.Item>
        ))}
      </List>
      <Text size="sm" mt="xs">
        <Anchor component={Link} href="/jobs" inherit underline="always">
          See the jobs
        </Anchor>
      </Text>
    </Alert>
  );
}
