import { plainRoute } from "@/app/api/api-route";

export const dynamic = "force-dynamic";

/** Metrics in Prometheus' text format. */
export const GET = plainRoute("read", async (_request, { metrics: { registry } }) => {
  const text = await registry.metrics();
  return new Response(text, { headers: { "content-type": registry.contentType } });
});
