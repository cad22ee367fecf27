import { Alert, Anchor, List, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import Link from "next/link";
import { LocalTime } from "@/components/shared/local-time";
import type { LateJob } from "@/core/jobs/schemas";

/** Says which jobs nobody runs: no run fails then, so nothing else shows it. */
export function LateJobs({ jobs }: { jobs: readonly LateJob[] }) {
  if (jobs.length === 0) return null;
  return (
    <Alert color="red" icon={<IconAlertTriangle aria-hidden />} title="Jobs are not run" role="alert">
      <List size="sm">
        {jobs.map(({ job_type, title, last_run }) => (
          <List.Item key={job_type}>
            {title}:{" "}
            {last_run === null ? (
              "has never run"
            ) : (
              <>
                last ran <LocalTime time={last_run} />
              </>
            )}
          </List.Item>
        ))}
      </List>
      <Text size="sm" mt="xs">
        Look whether an instance runs jobs or, with an Inngest server, whether it reaches /api/inngest.{" "}
        <Anchor component={Link} href="/jobs" inherit underline="always">
          See the jobs
        </Anchor>
      </Text>
    </Alert>
  );
}
