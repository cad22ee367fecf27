import { z } from "zod";
import { apiRoute } from "@/app/api/api-route";
import { idParameter } from "@/app/api/parameters";
import { audited } from "@/core/access/audit/audited";
import { acknowledgeIncident } from "@/core/alerts/incidents/acknowledge-incident";
import { acknowledgeInputSchema, incidentDetailSchema } from "@/core/alerts/schemas";

const querySchema = z.strictObject({ id: idParameter });

export const POST = apiRoute(
  {
    need: "change alerts",
    summary: "Says that somebody looks after an incident.",
    query: querySchema,
    body: acknowledgeInputSchema,
    answer: incidentDetailSchema,
  },
  async (_request, runtime, asked) => {
    const { id } = asked.query;
    const { note } = asked.body;
    return audited(runtime, asked, async (inside) => {
      const data = await acknowledgeIncident(inside, id, note);
      return { data, audit: { action: "incident.acknowledge", target: `${data.service}, incident ${data.id}` } };
    });
  },
);
