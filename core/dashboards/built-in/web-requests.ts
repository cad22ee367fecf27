import type { Unit } from "@/core/charts/chart-options";
import { escapedName } from "@/core/search/query/quote-value";
import type { BuiltIn } from "./built-in";
import { inPipes, makeDefinition } from "./make-definition";
import type { SampledFields } from "./sample-fields";

/**
 * What the parts of a request are called, the surest name first: OpenTelemetry's semantic conventions for HTTP, stable and as they
 * were before 1.20, then what access logs have: the Elastic Common Schema, nginx, Apache, Caddy, Traefik, Envoy, pino-http, morgan,
 * Rails' lograge.
 */
const STATUS = [
  "http.response.status_code",
  "http.status_code",
  "http.response.statusCode",
  "res.statusCode",
  "response.status",
  "http.status",
  "http_status",
  "status_code",
  "statusCode",
  "DownstreamStatus",
  "response_code",
  "status",
  "code",
] as const;
const ROUTE = [
  "http.route",
  "route",
  "url.path",
  "http.target",
  "http.path",
  "request_path",
  "RequestPath",
  "req.url",
  "request.uri",
  "request_uri",
  "uri",
  "path",
  "url",
] as const;
const METHOD = [
  "http.request.method",
  "http.method",
  "request.method",
  "request_method",
  "RequestMethod",
  "req.method",
  "method",
  "verb",
] as const;
const DURATION: readonly (readonly [name: string, unit: Unit])[] = [
  ["http.server.request.duration", "s"],
  ["http.server.duration", "ms"],
  ["event.duration", "ns"],
  ["duration_ms", "ms"],
  ["durationMs", "ms"],
  ["responseTime", "ms"],
  ["response_time_ms", "ms"],
  ["latency_ms", "ms"],
  ["elapsed_ms", "ms"],
  ["took_ms", "ms"],
  ["request_time", "s"],
  ["duration_s", "s"],
  ["request_duration", "s"],
  ["elapsed", "ms"],
  ["duration", "ms"],
];

const IS_STATUS = /^[1-5]\d\d$/;
const IS_NUMBER = /^\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i;

/** Rate, errors and durations of requests, in all and by route; null where no entry has the status of one. */
export function webRequests({ attributes }: SampledFields): BuiltIn | null {
  const find = (name: string, isOne: (value: string) => boolean) => {
    const known = attributes.get(name.toLowerCase());
    return known && [...known.values].some(isOne) ? known.name : null;
  };
  const first = (names: readonly string[], isOne: (value: string) => boolean) =>
    names.map((name) => find(name, isOne)).find((name) => name !== null) ?? null;
  const status = first(STATUS, (value) => IS_STATUS.test(value));
  if (status === null) return null;
  const route = first(ROUTE, (value) => value !== "");
  const method = first(METHOD, (value) => /^[A-Za-z]{3,10}$/.test(value));
  const [duration = null, unit = null] =
    DURATION.map(([name, of]) => [find(name, (value) => IS_NUMBER.test(value)), of] as const).find(
      ([name]) => name !== null,
    ) ?? [];

  const requests = `${escapedName(status)}:* service:$service`;
  const failed = `${escapedName(status)}>=500`;
  const by = inPipes(route ?? "service");
  const time = duration === null ? null : inPipes(duration);
  const definition = makeDefinition("1h", [
    figure("Requests", `${requests} | stats count() as requests`),
    figure(
      "Failed",
      `${requests} | stats count() if (${failed}) as failed, count() as requests | math failed / requests * 100 as percent | fields percent`,
      "percent",
    ),
    ...(time === null ? [] : [figure("95 % are faster than", `${requests} | stats p95(${time}) as p95`, unit)]),
    chart("Requests per second", `${requests} | timeseries rate() as requests by (${inPipes(method ?? "service")})`, {
      kind: "area",
      unit: "rate",
    }),
    chart("Status", `${requests} | timeseries count() as requests by (${inPipes(status)})`, { kind: "bars" }),
    ...(time === null
      ? []
      : [
          chart(
            "Durations",
            `${requests} | timeseries median(${time}) as median, p95(${time}) as p95, p99(${time}) as p99`,
            {
              kind: "line",
              unit,
            },
          ),
        ]),
    chart(
      route === null ? "Failures by service" : "Failures by route",
      `${requests} ${failed} | timeseries count() as failures by (${by})`,
      {
        kind: "bars",
      },
    ),
    {
      width: 12,
      height: 9,
      content: {
        kind: "query",
        as: "table",
        title: route === null ? "By service" : "By route",
        query: `${requests} | stats count() as requests, count() if (${failed}) as failed${
          time === null
            ? ""
            : `, median(${time}) as ${inPipes(withUnit("median", unit))}, p95(${time}) as ${inPipes(withUnit("p95", unit))}`
        } by (${by}) | sort by requests desc | limit 50`,
      },
    },
    { width: 12, height: 8, content: { kind: "lines", title: "Failed requests", query: `${requests} ${failed}` } },
  ]);
  return {
    key: "web-requests",
    name: "Web requests",
    description: "How many, how many of them failed, and how long they took.",
    definition,
    fields: [status, route, method, duration].filter((name) => name !== null),
  };
}

/** A column's name says its unit, where a table has several. */
const withUnit = (name: string, unit: Unit | null) => (unit === null ? name : `${name}_${unit}`);

const figure = (title: string, query: string, unit: Unit | null = null) => ({
  width: 4,
  height: 4,
  content: { kind: "query", title, query, chart: { kind: "figure", unit } },
});

const chart = (title: string, query: string, options: Record<string, unknown>) => ({
  width: 6,
  height: 8,
  content: { kind: "query", title, query, chart: options },
});
