"use client";

import { Text } from "@mantine/core";
import type { ReactNode } from "react";
import { countOf, formatCount } from "@/components/shared/format";
import { MissingNotice } from "@/components/shared/missing-notice";
import { plainText } from "@/components/shared/plain-text";
import type { StatsAnswer } from "@/core/analytics/schemas";
import classes from "./stats.module.css";

type StatsHeadProps = { data: StatsAnswer; isFetching: boolean; children?: ReactNode };

/** Of how much a table is, what is left out of it, and what can be done with it. */
export function StatsHead({ data, isFetching, children }: StatsHeadProps) {
  return (
    <>
      <div className={classes.head}>
        <Text size="sm" role="status">
          {countOf(data.total_rows, "row")} of {countOf(data.entries, "entry", "entries")}
          {data.total_rows > data.rows.length && `, the first ${formatCount(data.rows.length)} of them here`}
          {isFetching && ", computing again"}
        </Text>
        {children}
      </div>
      <MissingNotice answers={[data]} />
      {Object.entries(data.not_numbers).map(([name, count]) => (
        <Text key={name} size="xs" c="dimmed">
          {countOf(count, "value is", "values are")} not in {plainText(name)}, as{" "}
          {count === 1 ? "it is no number" : "they are no numbers"}.
        </Text>
      ))}
    </>
  );
}
