"use client";

import { Alert, Button, Group, Stack, Text } from "@mantine/core";
import { IconBell, IconListSearch } from "@tabler/icons-react";
import Link from "next/link";
import { Only } from "@/components/access/only";
import { configPath } from "@/components/alerts/configs-table";
import { useServiceDetail } from "@/components/api/use-data";
import { formatCount, formatRate, formatSpan } from "@/components/shared/format";
import { LevelBadge } from "@/components/shared/level-badge";
import { LiveBadge } from "@/components/shared/live-badge";
import { MissingNotice } from "@/components/shared/missing-notice";
import { PageTitle } from "@/components/shared/page-title";
import { plainText } from "@/components/shared/plain-text";
import { RangeSwitch, useRange } from "@/components/shared/range-switch";
import { RecentEntries } from "@/components/shared/recent-entries";
import { Section } from "@/components/shared/section";
import { StaleNotice } from "@/components/shared/stale-notice";
import { TopErrors } from "@/components/shared/top-errors";
import { VolumeChart } from "@/components/shared/volume-chart";
import { withRange } from "@/components/shared/with-range";
import { LEVELS } from "@/core/levels";
import { nounFor } from "@/core/noun";
import { logsPath } from "@/core/search/logs-path";
import { quoteValue } from "@/core/search/query/quote-value";
import { isError } from "@/core/stats/level-counts";
import type { ServiceDetail } from "@/core/stats/schemas";

/** @param initial what the server rendered the page with, for the range that it then was in */
export function ServicePage({ service, initial }: { service: string; initial: ServiceDetail }) {
  const [range] = useRange();
  const {
    data = initial,
    error,
    state,
  } = useServiceDetail(service, range, initial.trend.time_range === range ? initial : undefined);
  const { buckets } = data.trend;
  const counts = LEVELS.map((level) => ({
    level,
    count: buckets.reduce((sum, bucket) => sum + bucket.count_by_level[level], 0),
  }));
  const total = counts.reduce((sum, { count }) => sum + count, 0);
  const errors = counts.reduce((sum, { level, count }) => sum + (isError(level) ? count : 0), 0);
  return (
    <Stack>
      <Group justify="space-between">
        <Group gap="sm">
          <PageTitle>{plainText(service)}</PageTitle>
          <LiveBadge state={state} />
        </Group>
        <Group gap="xs">
          <Button
            component={Link}
            href={withRange(logsPath(`service:${quoteValue(service)}`), range)}
            variant="default"
            leftSection={<IconListSearch size={16} aria-hidden />}
          >
            Its logs
          </Button>
          <Only need="change alerts">
            <Button
              component={Link}
              href={configPath(service)}
              variant="default"
              leftSection={<IconBell size={16} aria-hidden />}
            >
              Alert
            </Button>
          </Only>
          <RangeSwitch isCounting={data.trend.time_range !== range} />
        </Group>
      </Group>
      <StaleNotice error={error} />
      {data.clock_ahead_ms !== null && (
        <Alert color="orange" title={`Its clock is ahead by ${formatSpan(data.clock_ahead_ms)}`}>
          Entries have come with times that are still to come. They stand at the top of lists and tails until then, and
          count in their own minute. Set the clock of the machine that sends them, or look whether it writes local time
          as UTC.
        </Alert>
      )}
      <Section title="Volume">
        <Group gap="lg" mb="sm">
          <Text size="sm">
            <b>{formatCount(total)}</b> {nounFor(total, "entry", "entries")}, error rate{" "}
            <b>{formatRate(total === 0 ? 0 : errors / total)}</b>
          </Text>
          {counts.map(({ level, count }) => (
            <Group key={level} gap={6}>
              <LevelBadge level={level} />
              <Text size="sm">{formatCount(count)}</Text>
            </Group>
          ))}
        </Group>
        <VolumeChart trend={data.trend} />
      </Section>
      <Section title="Top errors">
        <TopErrors errors={data.top_errors} withService={false} />
      </Section>
      <Section title="Recent entries">
        <MissingNotice answers={[data]} />
        <RecentEntries entries={data.recent_entries} />
      </Section>
    </Stack>
  );
}
