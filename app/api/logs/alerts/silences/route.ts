import { z } from "zod";
import { apiRoute, listRoute } from "@/app/api/api-route";
import { idParameter, pageParameters } from "@/app/api/parameters";
import { audited } from "@/core/access/audit/audited";
import { silenceInputSchema, silenceSchema } from "@/core/alerts/schemas";
import { createSilence } from "@/core/alerts/silences/create-silence";
import { endSilence } from "@/core/alerts/silences/end-silence";
import { listSilences } from "@/core/alerts/silences/list-silences";
import { LIMITS } from "@/core/limits";

export const GET = listRoute(
  {
    need: "read alerts",
    summary: "Silences, those first that end last; those that are over stay in the list.",
    query: z.strictObject(pageParameters(LIMITS.listedAlerts)),
    answer: z.array(silenceSchema),
  },
  (_request, runtime, { query }) => listSilences(runtime, query),
);

export const POST = apiRoute(
  {
    need: "change alerts",
    summary: "Tells nobody of incidents for a time.",
    body: silenceInputSchema,
    answer: silenceSchema,
  },
  async (_request, runtime, asked) => {
    const input = asked.body;
    return audited(runtime, asked, async (inside) => {
      const data = await createSilence(inside, input);
      const { id, service, kind, starts_at, ends_at } = data;
      const detail = { id, kind, starts_at, ends_at };
      return { status: 201, data, audit: { action: "silence.create", target: service ?? "every service", detail } };
    });
  },
);

export const DELETE = apiRoute(
  {
    need: "change alerts",
    summary: "Ends a silence now; it stays in the list.",
    query: z.strictObject({ id: idParameter }),
    answer: silenceSchema,
  },
  async (_request, runtime, asked) => {
    const { id } = asked.query;
    return audited(runtime, asked, async (inside) => {
      const data = await endSilence(inside, id);
      return { data, audit: { action: "silence.end", target: data.service ?? "every service", detail: { id } } };
    });
  },
);
