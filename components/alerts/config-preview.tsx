"use client";

import { Alert, Box, Button, Group, SegmentedControl, SimpleGrid, Text } from "@mantine/core";
import { useState } from "react";
import { usePreview } from "@/components/api/use-alerts";
import { CountChart } from "@/components/shared/count-chart";
import { countOf, formatCount } from "@/components/shared/format";
import { Section } from "@/components/shared/section";
import { useTyped } from "@/components/shared/use-typed";
import { LEVEL_COLOURS } from "@/components/theme";
import { EVERY_SERVICE } from "@/core/alerts/every-service";
import type { Preview, PreviewRange } from "@/core/alerts/schemas";
import { LIMITS } from "@/core/limits";

type ConfigPreviewProps = {
  service: string;
  /** As the inputs hold them, so perhaps not numbers. */
  errorThreshold: unknown;
  warningThreshold: unknown;
  /** Null: patterns are not watched. */
  patternThreshold: unknown;
  withNewPatterns: boolean;
  resolveAfter: unknown;
  take(thresholds: Preview["suggested"]): void;
};

const isThreshold = (value: unknown): value is number =>
  typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= LIMITS.alertThreshold;

/** What the thresholds in the form would have done, while they are typed. */
export function ConfigPreview(props: ConfigPreviewProps) {
  const { service, errorThreshold, warningThreshold, patternThreshold, withNewPatterns, resolveAfter, take } = props;
  const [range, setRange] = useState<PreviewRange>("24h");
  const isOfAll = service.trim() === EVERY_SERVICE;
  const isValid =
    service.trim() !== "" &&
    !isOfAll &&
    isThreshold(errorThreshold) &&
    isThreshold(warningThreshold) &&
    isThreshold(resolveAfter) &&
    (patternThreshold === null || isThreshold(patternThreshold));
  const query = isValid
    ? new URLSearchParams({
        service,
        range,
        error_threshold_per_min: String(errorThreshold),
        warning_threshold_per_min: String(warningThreshold),
        ...(patternThreshold === null ? {} : { pattern_threshold_per_min: String(patternThreshold) }),
        resolve_after_minutes: String(resolveAfter),
      }).toString()
    : null;
  const settled = useTyped(query);
  const { data, error, isPlaceholderData } = usePreview(settled);
  const isOld = isPlaceholderData || settled !== query;
  return (
    <Section title="What it would have done">
      <Group justify="space-between" mb="sm">
        <Text role="status">
          {isOfAll
            ? "It is told for one service at a time."
            : query === null
              ? "Choose a service and thresholds to see."
              : error
                ? "It can't be told yet."
                : data && !isOld
                  ? sentence(data, withNewPatterns)
                  : "Counting ..."}
        </Text>
        <SegmentedControl
          aria-label="Time of the preview"
          value={range}
          onChange={(value) => setRange(value === "7d" ? "7d" : "24h")}
          data={[
            { value: "24h", label: "24 hours" },
            { value: "7d", label: "7 days" },
          ]}
        />
      </Group>
      {error && (
        <Alert color="orange" mb="sm">
          {error.message}
        </Alert>
      )}
      {data && query !== null && isOf(data, service) && (
        <>
          <SimpleGrid cols={{ base: 1, md: 2 }}>
            <Counts data={data} of="errors" threshold={Number(errorThreshold)} />
            <Counts data={data} of="warnings" threshold={Number(warningThreshold)} />
          </SimpleGrid>
          <Group mt="sm">
            <Text size="sm">
              Suggested by this history: {countOf(data.suggested.error_threshold_per_min, "error")} and{" "}
              {countOf(data.suggested.warning_threshold_per_min, "warning")} a minute.
            </Text>
            <Button size="compact-sm" variant="light" disabled={isOld} onClick={() => take(data.suggested)}>
              Use these
            </Button>
          </Group>
        </>
      )}
    </Section>
  );
}

/** What is shown while thresholds are typed, and not while another service's is on its way. */
const isOf = (data: Preview, service: string) => data.service === service.trim();

function sentence({ range, alerts, incidents, new_patterns }: Preview, withNewPatterns: boolean): string {
  const time = range === "24h" ? "the last 24 hours" : "the last 7 days";
  const news = withNewPatterns ? `, and told of ${countOf(new_patterns, "new pattern")}` : "";
  return `With these thresholds ${time} would have raised ${countOf(alerts, "alert")} in ${countOf(incidents, "incident")}${news}.`;
}

function Counts({ data, of, threshold }: { data: Preview; of: "errors" | "warnings"; threshold: number }) {
  const colour = LEVEL_COLOURS[of === "errors" ? "error" : "warning"];
  const most = Math.max(...data.bars.map((bar) => bar[of]));
  return (
    <Box>
      <Text size="sm" mb={4}>
        Most {of} a minute
      </Text>
      <CountChart
        label={`Most ${of} a minute over time, at most ${formatCount(most)}, against ${formatCount(threshold)}`}
        height={160}
        buckets={data.bars.map((bar) => ({ timestamp: bar.timestamp, counts: { [of]: bar[of] } }))}
        timeFormat={data.range === "24h" ? "HH:mm" : "EEE HH:mm"}
        series={[{ name: of, color: colour }]}
        upTo={Math.max(most, Math.ceil(threshold * 1.1))}
        referenceLines={[{ y: threshold, label: "threshold", color: "red.6" }]}
      />
    </Box>
  );
}
