import { z } from "zod";
import { apiRoute } from "@/app/api/api-route";
import { idParameter } from "@/app/api/parameters";
import { parseBody, parseQuery } from "@/app/api/parse-request";
import { audited } from "@/core/access/audit/audited";
import { acknowledgeIncident } from "@/core/alerts/incidents/acknowledge-incident";
import { acknowledgeInputSchema } from "@/core/alerts/schemas";

const querySchema = z.strictObject({ id: idParameter });

export const POST = apiRoute("change alerts", async (request, runtime, asked) => {
  const { id } = parseQuery(request, querySchema);
  const { note } = await parseBody(request, acknowledgeInputSchema);
  return audited(runtime, asked, async (inside) => {
    const data = await acknowledgeIncident(inside, id, note);
    return { data, audit: { action: "incident.acknowledge", target: `${data.service}, incident ${data.id}` } };
  });
});
