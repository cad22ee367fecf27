import { numberOrNull } from "@/components/shared/number-or-null";
import type { Health } from "@/core/settings/schemas";

type Inputs<Limits> = { [Name in keyof Limits]: number | string };

/** What the inputs hold: an empty number is a text, and shares are percent. */
export type HealthValues = {
  error: Inputs<Health["error"]>;
  warning: Inputs<Health["warning"]>;
  least_entries: number | string;
};

/** Percent with no digits that only come of multiplying. */
const percentOf = (rate: number | null) => (rate === null ? "" : Number((rate * 100).toFixed(6)));
const rateOf = (percent: number | string) => {
  const number = numberOrNull(percent);
  return number === null ? null : number / 100;
};

export const valuesOf = ({ error, warning, least_entries }: Health): HealthValues => ({
  error: { errors: error.errors ?? "", error_rate: percentOf(error.error_rate) },
  warning: {
    errors: warning.errors ?? "",
    error_rate: percentOf(warning.error_rate),
    warnings: warning.warnings ?? "",
    warning_rate: percentOf(warning.warning_rate),
  },
  least_entries,
});

/** As the API takes it; not checked. */
export const inputOf = ({ error, warning, least_entries }: HealthValues) => ({
  error: { errors: numberOrNull(error.errors), error_rate: rateOf(error.error_rate) },
  warning: {
    errors: numberOrNull(warning.errors),
    error_rate: rateOf(warning.error_rate),
    warnings: numberOrNull(warning.warnings),
    warning_rate: rateOf(warning.warning_rate),
  },
  least_entries,
});
