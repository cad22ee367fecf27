"use client";

import { Button, Group, Stack, Text } from "@mantine/core";
import { IconBell, IconListSearch } from "@tabler/icons-react";
import Link from "next/link";
import { configPath } from "@/components/alerts/configs-table";
import { useRecentEntries, useTopErrors, useTrend } from "@/components/api/use-data";
import { formatCount, formatRate } from "@/components/shared/format";
import { LevelBadge } from "@/components/shared/level-badge";
import { PageTitle } from "@/components/shared/page-title";
import { RangeSwitch, useRange } from "@/components/shared/range-switch";
import { Section } from "@/components/shared/section";
import { StaleNotice } from "@/components/shared/stale-notice";
import { TopErrors } from "@/components/shared/top-errors";
import { VolumeChart } from "@/components/shared/volume-chart";
import { LEVELS } from "@/core/levels";
import { logsPath } from "@/core/search/logs-path";
import { quoteValue } from "@/core/search/query/quote-value";
import type { SearchResult } from "@/core/search/schemas";
import { isError } from "@/core/stats/level-counts";
import type { TopErrorMessage, Trend } from "@/core/stats/schemas";
import { RecentEntries } from "./recent-entries";

export type ServiceInitial = { trend: Trend; topErrors: TopErrorMessage[]; entries: SearchResult };

export function ServicePage({ service, initial }: { service: string; initial: ServiceInitial }) {
  const [range] = useRange();
  const isInitial = initial.trend.time_range === range;
  const trend = useTrend(service, range, isInitial ? initial.trend : undefined);
  const topErrors = useTopErrors(service, range, isInitial ? initial.topErrors : undefined);
  const entries = useRecentEntries(service, initial.entries);
  const { buckets } = trend.data ?? initial.trend;
  const counts = LEVELS.map((level) => ({
    level,
    count: buckets.reduce((sum, bucket) => sum + bucket.count_by_level[level], 0),
  }));
  const total = counts.reduce((sum, { count }) => sum + count, 0);
  const errors = counts.reduce((sum, { level, count }) => sum + (isError(level) ? count : 0), 0);
  return (
    <Stack>
      <Group justify="space-between">
        <PageTitle>{service}</PageTitle>
        <Group gap="xs">
          <Button
            component={Link}
            href={logsPath(`service:${quoteValue(service)}`)}
            variant="default"
            leftSection={<IconListSearch size={16} aria-hidden />}
          >
            Logs
          </Button>
          <Button
            component={Link}
            href={configPath(service)}
            variant="default"
            leftSection={<IconBell size={16} aria-hidden />}
          >
            Alert
          </Button>
          <RangeSwitch />
        </Group>
      </Group>
      <StaleNotice error={trend.error ?? topErrors.error ?? entries.error} />
      <Section title="Volume">
        <Group gap="lg" mb="sm">
          <Text size="sm">
            <b>{formatCount(total)}</b> entries, error rate <b>{formatRate(total === 0 ? 0 : errors / total)}</b>
          </Text>
          {counts.map(({ level, count }) => (
            <Group key={level} gap={6}>
              <LevelBadge level={level} />
              <Text size="sm">{formatCount(count)}</Text>
            </Group>
          ))}
        </Group>
        <VolumeChart trend={trend.data ?? initial.trend} />
      </Section>
      <Section title="Top errors">
        <TopErrors errors={topErrors.data ?? initial.topErrors} withService={false} />
      </Section>
      <Section title="Recent entries">
        <RecentEntries entries={(entries.data ?? initial.entries).entries} />
      </Section>
    </Stack>
  );
}
