import { z } from "zod";
import { apiRoute } from "@/app/api/api-route";
import { idParameter } from "@/app/api/parameters";
import { getIncident } from "@/core/alerts/incidents/get-incident";
import { incidentDetailSchema } from "@/core/alerts/schemas";

const querySchema = z.strictObject({ id: idParameter });

export const GET = apiRoute(
  {
    need: "read alerts",
    summary: "One incident with what was delivered of it.",
    query: querySchema,
    answer: incidentDetailSchema,
  },
  async (_request, runtime, { query }) => ({
    data: await getIncident(runtime, query.id),
  }),
);
