import { Group, Text, UnstyledButton, VisuallyHidden } from "@mantine/core";
import { formatCount } from "@/components/shared/format";
import { plainText } from "@/components/shared/plain-text";
import { conditionOf } from "@/core/search/query/quote-value";
import type { Facet } from "@/core/search/schemas";
import classes from "./facets.module.css";

type FacetValuesProps = Pick<Facet, "name" | "values"> & { addCondition(condition: string): void };

/** Values with how often each was found; a click asks for it. */
export function FacetValues({ name, values, addCondition }: FacetValuesProps) {
  const most = Math.max(1, ...values.map(({ count }) => count));
  return (
    <div>
      {values.map(({ value, count }) => (
        <UnstyledButton
          key={value}
          className={classes.value}
          style={{ "--share": `${(count / most) * 100}%` }}
          onClick={() => addCondition(conditionOf(name, value))}
        >
          <Group justify="space-between" wrap="nowrap" gap="xs">
            <Text size="sm" truncate>
              <VisuallyHidden>Only {name} </VisuallyHidden>
              {value === "" ? "(empty)" : plainText(value)}
            </Text>
            <Text size="xs" className={classes.count}>
              {formatCount(count)}
              <VisuallyHidden> found</VisuallyHidden>
            </Text>
          </Group>
        </UnstyledButton>
      ))}
    </div>
  );
}
