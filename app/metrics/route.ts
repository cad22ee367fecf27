import { doorRoute } from "@/app/door/door-route";

export const dynamic = "force-dynamic";

export const GET = doorRoute("GET", "/metrics", {
  summary: "Metrics of the process, in the text format of Prometheus.",
});
