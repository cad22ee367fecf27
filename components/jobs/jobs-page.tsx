"use client";

import { Badge, SimpleGrid, Stack, Text } from "@mantine/core";
import { useJobs } from "@/components/api/use-data";
import { CutNote } from "@/components/shared/cut-note";
import { type Column, DataTable } from "@/components/shared/data-table";
import { countOf, formatCount } from "@/components/shared/format";
import { LocalTime } from "@/components/shared/local-time";
import { PageTitle } from "@/components/shared/page-title";
import { Section } from "@/components/shared/section";
import { StaleNotice } from "@/components/shared/stale-notice";
import type { JobExecution, Jobs } from "@/core/jobs/schemas";

export function JobsPage({ initial }: { initial: Jobs }) {
  const { data = initial, error } = useJobs(initial);
  const failed = data.by_type.reduce((sum, job) => sum + job.failed, 0);
  return (
    <Stack>
      <PageTitle>Jobs</PageTitle>
      <StaleNotice error={error} />
      <SimpleGrid cols={{ base: 1, md: 3 }}>
        {data.by_type.map((job) => (
          <Section key={job.job_type} title={job.job_type}>
            <Text size="sm">{job.title}</Text>
            <Text size="sm" c="dimmed">
              {countOf(job.runs, "run")}, {formatCount(job.failed)} failed
            </Text>
            <Text size="sm" mt="xs">
              {job.next_run === null ? "Runs when needed" : "Next run "}
              {job.next_run !== null && <LocalTime time={job.next_run} span />}
            </Text>
          </Section>
        ))}
      </SimpleGrid>
      <Section title="Failed">
        <Executions rows={data.failed} empty="No job has failed." />
        {failed > data.failed.length && <CutNote shown={data.failed.length} total={failed} of="runs, the newest" />}
      </Section>
      <Section title="Recent">
        <Text size="sm" c="dimmed">
          The latest of each job.
        </Text>
        <Executions rows={data.recent} empty="No job has run yet. The first ones run shortly after the start." />
      </Section>
    </Stack>
  );
}

const COLOURS = { running: "blue", success: "teal", failed: "red" } as const;

const COLUMNS: readonly Column<JobExecution>[] = [
  { label: "Job", cell: (row) => row.job_type },
  {
    label: "Status",
    cell: ({ status }) => (
      <Badge color={COLOURS[status]} variant="light" tt="none">
        {status}
      </Badge>
    ),
  },
  { label: "Started", cell: (row) => <LocalTime time={row.started_at} /> },
  {
    label: "Duration",
    align: "right",
    cell: (row) => (row.duration_ms === null ? "" : `${formatCount(row.duration_ms)} ms`),
  },
  { label: "Error", cell: (row) => row.error_message },
];

function Executions({ rows, empty }: { rows: readonly JobExecution[]; empty: string }) {
  return (
    <DataTable
      label="Job executions"
      columns={COLUMNS}
      rows={rows}
      rowKey={(row) => row.id}
      empty={empty}
      minWidth={640}
    />
  );
}
