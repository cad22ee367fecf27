import type { Unit } from "@/core/charts/chart-options";
import type { BuiltIn } from "./built-in";
import { inPipes, makeDefinition } from "./make-definition";
import type { SampledFields } from "./sample-fields";

/** What the machine that a line is of is called. */
const HOSTS = ["host.name", "kubernetes.node_name", "k8s.node.name", "hostname", "host", "instance"] as const;

const ALL = "service:$service";

/** How much is sent, by whom, of which levels; null while nothing is. */
export function whatIsSent({ entries, attributes }: SampledFields): BuiltIn | null {
  if (entries === 0) return null;
  const host = HOSTS.map((name) => attributes.get(name)?.name).find((name) => name !== undefined) ?? null;
  const query = (title: string, text: string, chart: Record<string, unknown>, width = 6, height = 8) => ({
    width,
    height,
    content: { kind: "query", title, query: `${ALL} | ${text}`, chart },
  });
  const figure = (title: string, text: string, unit: Unit | null = null) =>
    query(title, text, { kind: "figure", unit }, 4, 4);
  const definition = makeDefinition("1d", [
    figure("Lines", "stats count() as lines"),
    figure("Lines per second", "stats rate() as rate", "rate"),
    figure("Services", "stats count_distinct(service) as services"),
    query("Lines by level", "timeseries count() as lines by (level)", { kind: "bars" }),
    query("Lines by service", "timeseries count() as lines by (service)", { kind: "area" }),
    query("Who sends most", "top 20 by (service)", { kind: "top" }),
    host === null
      ? query("By hour of the day", "stats count() as lines by (hour)", { kind: "bars" })
      : query("Machines that send most", `top 20 by (${inPipes(host)})`, { kind: "top" }),
    { width: 6, height: 9, content: { kind: "health", title: "Health", service: "$service" } },
    { width: 6, height: 9, content: { kind: "lines", title: "Latest lines", query: ALL } },
  ]);
  return {
    key: "what-is-sent",
    name: "What is being sent",
    description: "How much, by which services and of which levels.",
    definition,
    fields: ["service", "level", ...(host === null ? [] : [host])],
  };
}
