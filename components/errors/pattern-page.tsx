"use client";

import { Alert, Badge, Button, Code, Group, List, SimpleGrid, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconArrowMerge, IconListSearch, IconVolume, IconVolumeOff } from "@tabler/icons-react";
import Link from "next/link";
import { Only } from "@/components/access/only";
import { useMay } from "@/components/access/viewer";
import { useMutePattern, usePattern, useUnmergePattern } from "@/components/api/use-patterns";
import { CountChart } from "@/components/shared/count-chart";
import { CutNote } from "@/components/shared/cut-note";
import { countOf, formatCount } from "@/components/shared/format";
import { LiveBadge } from "@/components/shared/live-badge";
import { LocalTime } from "@/components/shared/local-time";
import { Message } from "@/components/shared/message";
import { MissingNotice } from "@/components/shared/missing-notice";
import { PageTitle } from "@/components/shared/page-title";
import { patternLogsPath } from "@/components/shared/pattern-path";
import { plainText } from "@/components/shared/plain-text";
import { RangeSwitch, useRange } from "@/components/shared/range-switch";
import { RecentEntries } from "@/components/shared/recent-entries";
import { Section } from "@/components/shared/section";
import { ServiceLink } from "@/components/shared/service-link";
import { StaleNotice } from "@/components/shared/stale-notice";
import type { PatternDetail } from "@/core/patterns/schemas";
import { MergeModal } from "./merge-modal";

/** @param initial what the server rendered the page with, for the range that it then was in */
export function PatternPage({ initial }: { initial: PatternDetail }) {
  const [range] = useRange();
  const fresh = usePattern(initial.pattern, range, initial.time_range === range ? initial : undefined);
  const data = fresh.data ?? initial;
  const mute = useMutePattern();
  const [merging, { open, close }] = useDisclosure();
  return (
    <Stack>
      <Group justify="space-between">
        <Group gap="sm">
          <PageTitle>Pattern</PageTitle>
          {data.muted && <Badge color="gray">muted</Badge>}
          <LiveBadge state={fresh.state} />
        </Group>
        <Group gap="xs">
          <Button
            component={Link}
            href={patternLogsPath(data.pattern, range)}
            variant="default"
            leftSection={<IconListSearch size={16} aria-hidden />}
          >
            Its logs
          </Button>
          <Only need="edit">
            <Button variant="default" leftSection={<IconArrowMerge size={16} aria-hidden />} onClick={open}>
              Merge
            </Button>
            <Button
              variant="default"
              leftSection={data.muted ? <IconVolume size={16} aria-hidden /> : <IconVolumeOff size={16} aria-hidden />}
              loading={mute.isPending}
              onClick={() => mute.mutate({ pattern: data.pattern, muted: !data.muted })}
            >
              {data.muted ? "Unmute" : "Mute"}
            </Button>
          </Only>
          <RangeSwitch isCounting={data.time_range !== range} />
        </Group>
      </Group>
      <StaleNotice error={fresh.error} />
      {mute.error && (
        <Alert color="red" role="alert">
          {mute.error.message}
        </Alert>
      )}
      <Section title="Message">
        <Stack gap="xs">
          <Code block style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
            {plainText(data.template)}
          </Code>
          {data.template !== data.message && (
            <>
              <Text size="sm" c="dimmed">
                One of its lines:
              </Text>
              <Code block style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
                {plainText(data.message)}
              </Code>
            </>
          )}
          <Text size="sm">
            <b>{formatCount(data.count)}</b> in this time range, first seen{" "}
            <LocalTime time={data.first_seen_ever} span />
          </Text>
        </Stack>
      </Section>
      <Section title="Over time">
        <CountChart
          label={`${countOf(data.count, "entry", "entries")} over time`}
          height={160}
          buckets={data.trend.map(({ timestamp, count }) => ({ timestamp, counts: { count } }))}
          timeFormat={range === "1h" ? "HH:mm" : "MMM d HH:mm"}
          series={[{ name: "count", color: "orange.6" }]}
        />
      </Section>
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        <Section title="Services">
          {data.services.length === 0 && <Text c="dimmed">Not seen in this time range.</Text>}
          {data.services.map(({ service, count }) => (
            <Group key={service} justify="space-between" py={2}>
              <ServiceLink service={service} size="sm" />
              <Text size="sm">{formatCount(count)}</Text>
            </Group>
          ))}
          {data.services_total > data.services.length && (
            <CutNote shown={data.services.length} total={data.services_total} of="services, those with the most" />
          )}
        </Section>
        <Section title="Values">
          <Values detail={data} />
        </Section>
      </SimpleGrid>
      <Section title="Newest lines">
        <MissingNotice answers={[data]} />
        <RecentEntries entries={data.recent_entries} />
      </Section>
      {data.aliases.length > 0 && (
        <Section title="Counted as this one">
          <Aliases detail={data} />
        </Section>
      )}
      <MergeModal pattern={data.pattern} opened={merging} close={close} />
    </Stack>
  );
}

function Values({ detail: { values, sampled } }: { detail: PatternDetail }) {
  const shown = values.filter((column) => column.length > 0);
  if (shown.length === 0) return <Text c="dimmed">Its lines are all the same.</Text>;
  return (
    <Stack gap="sm">
      <Text size="xs" c="dimmed">
        Among the newest {formatCount(sampled)}, in the order in which they stand in the message
      </Text>
      {shown.map((column, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the place is what a placeholder is
        <List key={index} size="sm" listStyleType="none" withPadding={false}>
          {column.map(({ value, count }) => (
            <List.Item key={value}>
              <Text span ff="monospace" size="sm" style={{ overflowWrap: "anywhere" }}>
                {value === "" ? "(empty)" : plainText(value)}
              </Text>{" "}
              <Text span c="dimmed" size="xs">
                {formatCount(count)}
              </Text>
            </List.Item>
          ))}
        </List>
      ))}
    </Stack>
  );
}

const REASONS: Readonly<Record<PatternDetail["aliases"][number]["reason"], string>> = {
  rules: "of older rules",
  "special case": "a special case",
  person: "merged by hand",
};

function Aliases({ detail: { aliases, alias_count } }: { detail: PatternDetail }) {
  const unmerge = useUnmergePattern();
  const mayEdit = useMay("edit");
  return (
    <Stack gap="xs">
      {unmerge.error && (
        <Alert color="red" role="alert">
          {unmerge.error.message}
        </Alert>
      )}
      {aliases.map(({ pattern, template, reason }) => (
        <Group key={pattern} justify="space-between" wrap="nowrap">
          <Stack gap={0} miw={0}>
            <Message text={template} />
            <Text size="xs" c="dimmed">
              {REASONS[reason]}
            </Text>
          </Stack>
          {reason !== "rules" && mayEdit && (
            <Button
              size="compact-sm"
              variant="default"
              loading={unmerge.isPending && unmerge.variables.pattern === pattern}
              onClick={() => unmerge.mutate({ pattern })}
            >
              Take apart
            </Button>
          )}
        </Group>
      ))}
      {alias_count > aliases.length && (
        <CutNote shown={aliases.length} total={alias_count} of="patterns, those that were merged last" />
      )}
    </Stack>
  );
}
