import { z } from "zod";
import { apiRoute } from "@/app/api/api-route";
import { timeParameter } from "@/app/api/parameters";
import { listIncidents } from "@/core/alerts/incidents/list-incidents";
import { INCIDENT_KINDS, INCIDENT_STATES, incidentSchema } from "@/core/alerts/schemas";
import { LIMITS } from "@/core/limits";
import { serviceNameSchema } from "@/core/service-name";
import { wholeNumber } from "@/core/whole-number";

const querySchema = z.strictObject({
  service: serviceNameSchema.optional(),
  alert_id: wholeNumber(1, Number.MAX_SAFE_INTEGER).optional(),
  kind: z.enum(INCIDENT_KINDS, `must be one of ${INCIDENT_KINDS.join(", ")}`).optional(),
  state: z.enum(INCIDENT_STATES, `must be one of ${INCIDENT_STATES.join(", ")}`).optional(),
  from: timeParameter.optional(),
  to: timeParameter.optional(),
  limit: wholeNumber(1, LIMITS.listedAlerts).default(100),
});

export const GET = apiRoute(
  { need: "read alerts", summary: "Incidents, newest first.", query: querySchema, answer: z.array(incidentSchema) },
  async (_request, runtime, { query }) => {
    const { alert_id: alertId, ...filter } = query;
    return { data: await listIncidents(runtime, { ...filter, alertId }) };
  },
);
