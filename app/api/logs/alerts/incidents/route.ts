import { z } from "zod";
import { apiRoute } from "@/app/api/api-route";
import { timeParameter } from "@/app/api/parameters";
import { listIncidents } from "@/core/alerts/incidents/list-incidents";
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
