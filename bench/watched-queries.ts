import { SERVICES } from "./generate-lines";

const WINDOWS = [1, 5, 15, 60];

/**
 * What a team watches of one service: counts, rates, shares, distinct values, a percentile, changes and silence; of levels, words,
 * expressions, and attributes by their text and as numbers.
 */
const KINDS: ((service: string) => object)[] = [
  (service) => value(`service:${service} level>=error | stats count() as n by (http.status)`),
  (service) => value(`service:${service} level:fatal | stats count() as n`),
  (service) => value(`service:${service} level>=error "database pool" | stats count() as n by (host)`),
  (service) => value(`service:${service} "Slow response" | stats count() as n by (host)`),
  (service) => value(`service:${service} level:warning retry | stats rate() as n`),
  (service) => value(`service:${service} "card declined" | stats count() as n by (region)`),
  (service) => value(`service:${service} (refused OR declined OR timeout) -retry | stats count() as n`),
  (service) => value(`service:${service} "/api/payments" level<=info | stats count() as n`),
  (service) => value(`service:${service} "/api/orders" | stats avg(duration_ms) as n`),
  (service) => value(`service:${service} /pool [0-3] refused/ | stats count() as n`),
  (service) =>
    value(`service:${service} level>=warning /inventory-\\d+: [34]\\d{3} ms/ | stats count() as n by (region)`),
  (service) => value(`service:${service} http.status>=500 | stats count_distinct(host) as n`),
  (service) => value(`service:${service} duration_ms>280 | stats count() as n by (region)`),
  (service) => value(`service:${service} http.status>=500 duration_ms>100 | stats max(duration_ms) as n`),
  (service) => value(`service:${service} region:eu-west-1 level>=warning | stats count() as n by (host)`),
  (service) => value(`service:${service} http.method:POST | stats count() as n`),
  (service) => value(`service:${service} | stats p95(duration_ms) as n`),
  (service) => ({ watch: "share", query: "level>=error", of: `service:${service}`, by: ["region"], least_count: 5 }),
  (service) => ({ watch: "share", query: "http.status>=500", of: `service:${service} level>=info`, by: [] }),
  (service) => ({ watch: "share", query: '"Slow response"', of: `service:${service}`, by: ["host"], least_count: 5 }),
  (service) => ({ watch: "change", query: `service:${service} | stats count() as n`, against: "hour" }),
  (service) => ({ watch: "change", query: `service:${service} level>=error | stats count() as n`, against: "hour" }),
  (service) => ({
    watch: "change",
    query: `service:${service} | stats avg(duration_ms) as n by (region)`,
    against: "hour",
  }),
  (service) => ({ watch: "absence", query: `service:${service} level:info` }),
  (service) => ({ watch: "absence", query: `service:${service} "/healthz"` }),
];

const value = (query: string) => ({ watch: "value", query });

/** Alerts of which no two watch the same, on every service in turn. None of them is ever crossed. @param count at most 200 */
export function watchedQueries(count: number): object[] {
  return KINDS.flatMap((kind) => SERVICES.map(kind))
    .slice(0, count)
    .map((alert, index) => ({
      threshold: 1e9,
      ...alert,
      name: `alert ${index}`,
      window_minutes: WINDOWS[index % WINDOWS.length],
    }));
}
