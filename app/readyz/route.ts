import { doorRoute } from "@/app/door/door-route";
import { readinessQuerySchema } from "@/app/door/probes";

export const dynamic = "force-dynamic";

export const GET = doorRoute("GET", "/readyz", {
  summary: "Whether this instance should get requests: 503 when not, with what is missing.",
  query: readinessQuerySchema,
});
