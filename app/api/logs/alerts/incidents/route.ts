import { z } from "zod";
import { listRoute } from "@/app/api/api-route";
import { pageParameters, timeParameter } from "@/app/api/parameters";
import { pageOfIncidents } from "@/core/alerts/incidents/list-incidents";
import { INCIDENT_KINDS, INCIDENT_STATES, incidentSchema } from "@/core/alerts/schemas";
import { LIMITS } from "@/core/limits";
import { oneOf } from "@/core/one-of";
import { serviceNameSchema } from "@/core/service-name";
import { wholeNumber } from "@/core/whole-number";

const querySchema = z.strictObject({
  service: serviceNameSchema.optional(),
  alert_id: wholeNumber(1, Number.MAX_SAFE_INTEGER).optional(),
  kind: oneOf(INCIDENT_KINDS).optional(),
  state: oneOf(INCIDENT_STATES).optional(),
  unresolved: z.enum(["0", "1"], "must be 0 or 1").default("0"),
  from: timeParameter.optional(),
  to: timeParameter.optional(),
  ...pageParameters(LIMITS.listedAlerts, 100),
});

export const GET = listRoute(
  {
    need: "read alerts",
    summary: "Incidents, open ones first, then the newest.",
    query: querySchema,
    answer: z.array(incidentSchema),
  },
  (_request, runtime, { query }) => {
    const { alert_id: alertId, unresolved, limit, offset, ...named } = query;
    const filter = { ...named, alertId, unresolved: unresolved === "1" };
    return pageOfIncidents(runtime, filter, { limit, offset });
  },
);
