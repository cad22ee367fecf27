"use client";

import { Anchor, Group, Paper, SimpleGrid, Stack, Text } from "@mantine/core";
import Link from "next/link";
import { IncidentsTable } from "@/components/alerts/incidents-table";
import { useOverview } from "@/components/api/use-data";
import { HowToSend } from "@/components/send/how-to-send";
import type { SendingPlace } from "@/components/send/sending-place";
import { countOf, formatCount, formatRate } from "@/components/shared/format";
import { LiveBadge } from "@/components/shared/live-badge";
import { PageTitle } from "@/components/shared/page-title";
import { RangeSwitch, useRange } from "@/components/shared/range-switch";
import { Section } from "@/components/shared/section";
import { StaleNotice } from "@/components/shared/stale-notice";
import { TopErrors } from "@/components/shared/top-errors";
import { VolumeChart } from "@/components/shared/volume-chart";
import { errorsOf } from "@/core/stats/level-counts";
import type { Overview } from "@/core/stats/schemas";
import { FailingJobs } from "./failing-jobs";
import { LateJobs } from "./late-jobs";
import { ManyServices } from "./many-services";
import { ServicesSection } from "./services-section";
import { StorageNotice } from "./storage-notice";

/** @param initial what the server rendered the page with, for the range that it then was in */
export function OverviewPage({ initial, place }: { initial: Overview; place: SendingPlace }) {
  const [range] = useRange();
  const { data = initial, error, state } = useOverview(range, initial.trend.time_range === range ? initial : undefined);
  if (data.total === 0) return <EmptyOverview place={place} error={error} data={data} />;
  const total = data.trend.buckets.reduce((sum, bucket) => sum + bucket.total_count, 0);
  const errors = data.trend.buckets.reduce((sum, { count_by_level }) => sum + errorsOf(count_by_level), 0);
  return (
    <Stack>
      <Group justify="space-between">
        <Group gap="sm">
          <PageTitle>Overview</PageTitle>
          <LiveBadge state={state} />
        </Group>
        <RangeSwitch isCounting={data.trend.time_range !== range} />
      </Group>
      <StaleNotice error={error} />
      <FailingJobs jobs={data.failing_jobs} />
      <LateJobs jobs={data.late_jobs} />
      {data.storage && <StorageNotice storage={data.storage} withLink />}
      {data.has_many_services && <ManyServices count={data.total} />}
      {data.open_incidents.length > 0 && (
        <Section title="Open incidents">
          <IncidentsTable incidents={data.open_incidents} empty="" />
          {data.open_incident_count > data.open_incidents.length && (
            <Anchor component={Link} href="/alerts" size="sm">
              All {countOf(data.open_incident_count, "open incident")}
            </Anchor>
          )}
        </Section>
      )}
      <SimpleGrid cols={{ base: 2, md: 4 }}>
        <Figure label="Entries" value={formatCount(total)} />
        <Figure label="Errors" value={formatCount(errors)} />
        <Figure label="Error rate" value={formatRate(total === 0 ? 0 : errors / total)} />
        <Figure label="Services not OK" value={`${formatCount(data.not_ok)} of ${formatCount(data.total)}`} />
      </SimpleGrid>
      <Section title="Volume">
        <VolumeChart trend={data.trend} />
      </Section>
      <ServicesSection range={range} first={data} />
      <Section title="Top errors">
        <TopErrors errors={data.top_errors} />
      </Section>
    </Stack>
  );
}

function Figure({ label, value }: { label: string; value: string }) {
  return (
    <Paper withBorder p="md" component="section" aria-label={label}>
      <Text size="sm" c="dimmed">
        {label}
      </Text>
      <Text size="xl" fw={700}>
        {value}
      </Text>
    </Paper>
  );
}

type EmptyProps = { place: SendingPlace; error: Error | null; data: Overview };

function EmptyOverview({ place, error, data }: EmptyProps) {
  return (
    <Stack>
      <PageTitle>Waiting for the first log</PageTitle>
      <StaleNotice error={error} />
      <FailingJobs jobs={data.failing_jobs} />
      <LateJobs jobs={data.late_jobs} />
      <Text>
        Nothing has been sent yet. Choose how you log: with the first line this page turns into the dashboard by itself.
      </Text>
      <HowToSend place={place} />
    </Stack>
  );
}
