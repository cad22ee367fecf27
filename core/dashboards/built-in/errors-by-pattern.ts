import type { BuiltIn } from "./built-in";
import { makeDefinition } from "./make-definition";
import type { SampledFields } from "./sample-fields";

const ERRORS = "level>=error service:$service";

/** What goes wrong, as the problems that it is; null while nothing does. */
export function errorsByPattern({ hasErrors }: SampledFields): BuiltIn | null {
  if (!hasErrors) return null;
  const definition = makeDefinition("1d", [
    {
      width: 4,
      height: 4,
      content: {
        kind: "query",
        title: "Errors",
        query: `${ERRORS} | stats count() as errors`,
        chart: { kind: "figure" },
      },
    },
    {
      width: 4,
      height: 4,
      content: {
        kind: "query",
        title: "Different problems",
        query: `${ERRORS} | stats count_distinct(pattern) as problems`,
        chart: { kind: "figure" },
      },
    },
    {
      width: 4,
      height: 4,
      content: {
        kind: "query",
        title: "Of all lines",
        query:
          "service:$service | stats count() if (level>=error) as errors, count() as lines | math errors / lines * 100 as percent | fields percent",
        chart: { kind: "figure", unit: "percent" },
      },
    },
    {
      width: 12,
      height: 8,
      content: {
        kind: "query",
        title: "Errors by service",
        query: `${ERRORS} | timeseries count() as errors by (service)`,
        chart: { kind: "bars" },
      },
    },
    {
      width: 12,
      height: 11,
      content: {
        kind: "query",
        as: "table",
        title: "Problems, the most frequent first",
        query: `${ERRORS} | stats count() as errors, last(message) as "latest message", count_distinct(service) as services, last(timestamp) as latest by (pattern) | sort by errors desc | limit 30 | fields errors, "latest message", services, latest`,
      },
    },
    { width: 6, height: 9, content: { kind: "incidents", title: "Open incidents", service: "$service" } },
    { width: 6, height: 9, content: { kind: "lines", title: "Latest errors", query: ERRORS } },
  ]);
  return {
    key: "errors-by-pattern",
    name: "Errors by pattern",
    description: "What goes wrong, as the problems that it is.",
    definition,
    fields: ["level", "pattern"],
  };
}
