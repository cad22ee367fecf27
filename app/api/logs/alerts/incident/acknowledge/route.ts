import { z } from "zod";
import { apiRoute } from "@/app/api/api-route";
import { idParameter } from "@/app/api/parameters";
import { parseBody, parseQuery } from "@/app/api/parse-request";
import { acknowledgeIncident } from "@/core/alerts/incidents/acknowledge-incident";
import { acknowledgeInputSchema } from "@/core/alerts/schemas";

const querySchema = z.strictObject({ id: idParameter });

export const POST = apiRoute("change alerts", async (request, runtime) => {
  const { id } = parseQuery(request, querySchema);
  const { note } = await parseBody(request, acknowledgeInputSchema);
  const data = await acknowledgeIncident(runtime, id, note);
  return { data, audit: { action: "incident.acknowledge", target: `${data.service}, incident ${id}` } };
});
