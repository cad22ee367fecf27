"use client";

import { Badge, SimpleGrid, Stack, Table, Text, Title } from "@mantine/core";
import { useJobs } from "@/components/api/use-data";
import { formatCount } from "@/components/shared/format";
import { LocalTime } from "@/components/shared/local-time";
import { Section } from "@/components/shared/section";
import { StaleNotice } from "@/components/shared/stale-notice";
import type { JobExecution, Jobs } from "@/core/jobs/schemas";

export function JobsPage({ initial }: { initial: Jobs }) {
  const { data = initial, error } = useJobs(initial);
  return (
    <Stack>
      <Title order={1} size="h2">
        Jobs
      </Title>
      <StaleNotice error={error} />
      <SimpleGrid cols={{ base: 1, md: 3 }}>
        {data.by_type.map((job) => (
          <Section key={job.job_type} title={job.job_type}>
            <Text size="sm">{job.title}</Text>
            <Text size="sm" c="dimmed">
              {formatCount(job.runs)} runs, {formatCount(job.failed)} failed
            </Text>
            <Text size="sm" mt="xs">
              Next run <LocalTime time={job.next_run} span />
            </Text>
          </Section>
        ))}
      </SimpleGrid>
      <Section title="Failed">
        <Executions rows={data.failed} empty="No job has failed." />
      </Section>
      <Section title="Recent">
        <Executions rows={data.recent} empty="No job has run yet. The first ones run shortly after the start." />
      </Section>
    </Stack>
  );
}

const COLOURS = { running: "blue", success: "teal", failed: "red" } as const;

function Executions({ rows, empty }: { rows: readonly JobExecution[]; empty: string }) {
  if (rows.length === 0) return <Text c="dimmed">{empty}</Text>;
  return (
    <Table.ScrollContainer
      minWidth={640}
      scrollAreaProps={{ viewportProps: { tabIndex: 0, "aria-label": "Job executions" } }}
    >
      <Table verticalSpacing={6}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Job</Table.Th>
            <Table.Th>Status</Table.Th>
            <Table.Th>Started</Table.Th>
            <Table.Th ta="right">Duration</Table.Th>
            <Table.Th>Error</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr key={row.id}>
              <Table.Td>{row.job_type}</Table.Td>
              <Table.Td>
                <Badge color={COLOURS[row.status]} variant="light" tt="none">
                  {row.status}
                </Badge>
              </Table.Td>
              <Table.Td>
                <LocalTime time={row.started_at} />
              </Table.Td>
              <Table.Td ta="right">{row.duration_ms === null ? "" : `${formatCount(row.duration_ms)} ms`}</Table.Td>
              <Table.Td style={{ overflowWrap: "anywhere" }}>{row.error_message}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
