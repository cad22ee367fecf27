import type { StatsAnswer } from "@/core/analytics/schemas";

/** A table of one hour, whole and exact, of all of its rows. @param given what it is of, and what is otherwise */
export const statsAnswerWith = (given: Partial<StatsAnswer>): StatsAnswer => ({
  columns: [],
  rows: [],
  total_rows: given.rows?.length ?? 0,
  cut_groups: 0,
  entries: 0,
  not_numbers: {},
  sampled: false,
  zone: "UTC",
  step_seconds: null,
  from: "2026-03-10T12:00:00.000Z",
  to: "2026-03-10T13:00:00.000Z",
  computed_at: "2026-03-10T13:00:00.000Z",
  complete: true,
  missing_segments: [],
  missing_count: 0,
  ...given,
});
