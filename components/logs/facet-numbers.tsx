import { Box, Button, Group, RangeSlider, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { countOf, formatNumber } from "@/components/shared/format";
import { escapedName } from "@/core/search/query/quote-value";
import type { Facet } from "@/core/search/schemas";
import classes from "./facets.module.css";

type FacetNumbersProps = {
  name: string;
  numbers: NonNullable<Facet["numbers"]>;
  addCondition(condition: string): void;
};

/** How a field's numbers lie, and a range of them to be chosen. */
export function FacetNumbers({ name, numbers: { bars, least, greatest }, addCondition }: FacetNumbersProps) {
  const [[from, to], setRange] = useState<[number, number]>([0, bars.length]);
  const edges = [...bars.map((bar) => bar.from), bars.at(-1)?.to ?? greatest];
  const most = Math.max(1, ...bars.map(({ count }) => count));
  const [lower, upper] = [edges[from] ?? least, edges[to] ?? greatest];
  const isAll = from === 0 && to === bars.length;
  const chosen = bars.slice(from, to).reduce((sum, { count }) => sum + count, 0);
  const written = escapedName(name);
  const conditions = [from > 0 ? `${written}>=${lower}` : "", to < bars.length ? `${written}<${upper}` : ""];
  const label = (edge: number) => formatNumber(edges[edge] ?? 0);
  return (
    <Stack gap={6}>
      <div
        className={classes.bars}
        role="img"
        aria-label={`Numbers from ${formatNumber(least)} to ${formatNumber(greatest)}`}
      >
        {bars.map((bar, index) => (
          <Box
            key={bar.from}
            title={`${formatNumber(bar.from)} to ${formatNumber(bar.to)}: ${countOf(bar.count, "line")}`}
            data-chosen={(index >= from && index < to) || undefined}
            style={{ "--height": `${(bar.count / most) * 100}%` }}
          />
        ))}
      </div>
      <RangeSlider
        size="xs"
        mx={4}
        min={0}
        max={bars.length}
        minRange={1}
        value={[from, to]}
        onChange={setRange}
        label={label}
        thumbFromLabel={`Least ${name}`}
        thumbToLabel={`Greatest ${name}`}
      />
      <Group justify="space-between" gap="xs" wrap="nowrap">
        <Text size="xs" c="dimmed" aria-live="polite">
          {isAll
            ? `${formatNumber(least)} to ${formatNumber(greatest)}`
            : `${from === 0 ? formatNumber(least) : formatNumber(lower)} to ${to === bars.length ? formatNumber(greatest) : `below ${formatNumber(upper)}`}: ${countOf(chosen, "value")}`}
        </Text>
        <Button
          size="compact-xs"
          variant="default"
          disabled={isAll}
          aria-label={`Only this range of ${name}`}
          onClick={() => addCondition(conditions.filter(Boolean).join(" "))}
        >
          Only this range
        </Button>
      </Group>
    </Stack>
  );
}
