"use client";

import { Text } from "@mantine/core";
import type { ReactNode } from "react";
import { LeftOut } from "@/components/charts/left-out";
import { countOf } from "@/components/shared/format";
import { MissingNotice } from "@/components/shared/missing-notice";
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
          {isFetching && ", computing again"}
        </Text>
        {children}
      </div>
      <MissingNotice answers={[data]} />
      <LeftOut data={data} />
    </>
  );
}
