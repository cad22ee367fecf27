"use client";

import { Alert, Anchor, List, Stack, Text } from "@mantine/core";
import { useQueryPreview } from "@/components/api/use-alerts";
import { CountChart } from "@/components/shared/count-chart";
import { countOf } from "@/components/shared/format";
import { plainText } from "@/components/shared/plain-text";
import { Section } from "@/components/shared/section";
import { useTyped } from "@/components/shared/use-typed";
import { describeWatch, formatValue, unitOf } from "@/core/alerts/queries/describe-watch";
import type { QueryPreview as Preview, QueryWatch } from "@/core/alerts/queries/schemas";
import { logsPath } from "@/core/search/logs-path";

/** What the alert in the form would have done to the last day, while it is typed. @param watch null while it is not valid */
export function QueryPreview({ watch }: { watch: QueryWatch | null }) {
  const settled = useTyped(watch === null ? null : JSON.stringify(watch));
  const { data, error, isFetching } = useQueryPreview(settled);
  const isShown = data !== undefined && error === null && watch !== null;
  return (
    <Section title="What it would have done">
      <Stack>
        <Text role="status">
          {watch === null || settled === null
            ? "Say what to watch to see."
            : error
              ? "It can't be told yet."
              : isShown && !isFetching
                ? sentence(data)
                : "Computing ..."}
        </Text>
        {error && watch !== null && <Alert color="orange">{error.message}</Alert>}
        {isShown && <PreviewChart data={data} watch={watch} />}
        {isShown && data.top_groups.some(({ group }) => Object.keys(group).length > 0) && (
          <List size="sm" aria-label="Groups that would have been told of most">
            {data.top_groups.map(({ group, crossings }) => (
              <List.Item key={JSON.stringify(group)}>
                {Object.entries(group)
                  .map(([name, value]) => `${name} ${plainText(value)}`)
                  .join(", ")}
                : {countOf(crossings, "window")}
              </List.Item>
            ))}
          </List>
        )}
        {isShown && (
          // Beside the form: what is typed in it is not saved.
          <Anchor href={logsPath(data.computed, { from: data.from, to: data.to })} target="_blank" size="sm">
            Look at what is computed
          </Anchor>
        )}
      </Stack>
    </Section>
  );
}

function sentence({ crossings, incidents, groups }: Preview): string {
  const of = groups > 1 ? ` of ${countOf(groups, "group")}` : "";
  return `The last day would have raised ${countOf(incidents, "incident")}, of ${countOf(crossings, "window")} that crossed${of}.`;
}

function PreviewChart({ data, watch }: { data: Preview; watch: QueryWatch }) {
  const values = data.bars.flatMap(({ value }) => value ?? []);
  const hasThreshold = watch.watch !== "absence";
  const drawn = [...values, hasThreshold ? watch.threshold : 1, 0];
  const format = (value: number) => `${formatValue(value)}${unitOf(watch)}`;
  const reached =
    values.length === 0 ? ": none" : `, from ${format(Math.min(...values))} to ${format(Math.max(...values))}`;
  return (
    <CountChart
      label={`The value over the last day${reached}, against ${describeWatch(watch)}`}
      height={180}
      buckets={data.bars.map(({ timestamp, value }) => ({ timestamp, counts: value === null ? {} : { value } }))}
      timeFormat="HH:mm"
      series={[{ name: "value", color: "teal" }]}
      upTo={Math.max(Math.max(...drawn) * 1.1, 1)}
      downTo={Math.min(...drawn) * 1.1}
      formatValue={format}
      referenceLines={hasThreshold ? [{ y: watch.threshold, label: "threshold", color: "red.6" }] : []}
    />
  );
}
