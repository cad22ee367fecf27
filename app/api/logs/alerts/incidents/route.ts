import { z } from "zod";
import { apiRoute } from "@/app/api/api-route";
import { timeParameter } from "@/app/api/parameters";
import { parseQuery } from "@/app/api/parse-request";
import { listIncidents } from "@/core/alerts/incidents/list-incidents";
import { INCIDENT_KINDS, INCIDENT_STATES } from "@/core/alerts/schemas";
import { LIMITS } from "@/core/limits";
import { serviceNameSchema } from "@/core/service-name";
import { wholeNumber } from "@/core/whole-number";

const querySchema = z.strictObject({
  service: serviceNameSchema.optional(),
  kind: z.enum(INCIDENT_KINDS, `must be one of ${INCIDENT_KINDS.join(", ")}`).optional(),
  state: z.enum(INCIDENT_STATES, `must be one of ${INCIDENT_STATES.join(", ")}`).optional(),
  from: timeParameter.optional(),
  to: timeParameter.optional(),
  limit: wholeNumber(1, LIMITS.listedAlerts).default(100),
});

export const GET = apiRoute("read alerts", async (request, runtime) => ({
  data: await listIncidents(runtime, parseQuery(request, querySchema)),
}));
