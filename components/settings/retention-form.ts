import type { UseFormReturnType } from "@mantine/form";
import { emptyToNull } from "@/components/shared/empty-to-null";
import { numberOrNull } from "@/components/shared/number-or-null";
import type { Retention } from "@/core/settings/schemas";

/** What the inputs hold: an empty number is a text. */
export type RetentionValues = {
  days: number | string;
  counts_days: number | string;
  max_disk_gb: number | string;
  /** An empty service or level is any. */
  rules: { service: string; level: string; days: number | string }[];
};

export type RetentionForm = Pick<
  UseFormReturnType<RetentionValues>,
  "values" | "getInputProps" | "insertListItem" | "removeListItem" | "setFieldValue"
>;

export const valuesOf = ({ days, counts_days, max_disk_gb, rules }: Retention): RetentionValues => ({
  days: days ?? "",
  counts_days: counts_days ?? "",
  max_disk_gb: max_disk_gb ?? "",
  rules: rules.map(({ service, level, days: ofRule }) => ({
    service: service ?? "",
    level: level ?? "",
    days: ofRule,
  })),
});

/** As the API takes it; not checked. */
export const inputOf = ({ days, counts_days, max_disk_gb, rules }: RetentionValues) => ({
  days: numberOrNull(days),
  counts_days: numberOrNull(counts_days),
  max_disk_gb: numberOrNull(max_disk_gb),
  rules: rules.map(({ service, level, days: ofRule }) => ({
    service: emptyToNull(service),
    level: emptyToNull(level),
    days: ofRule,
  })),
});
