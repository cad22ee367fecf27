import { getRuntime } from "@/core/runtime";

export const dynamic = "force-dynamic";

/** Metrics in Prometheus' text format. */
export async function GET(): Promise<Response> {
  const { registry } = getRuntime().metrics;
  return new Response(await registry.metrics(), { headers: { "content-type": registry.contentType } });
}
