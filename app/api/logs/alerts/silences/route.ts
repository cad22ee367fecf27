import { z } from "zod";
import { apiRoute } from "@/app/api/api-route";
import { idParameter } from "@/app/api/parameters";
import { parseBody, parseQuery } from "@/app/api/parse-request";
import { audited } from "@/core/access/audit/audited";
import { silenceInputSchema } from "@/core/alerts/schemas";
import { createSilence } from "@/core/alerts/silences/create-silence";
import { endSilence } from "@/core/alerts/silences/end-silence";
import { listSilences } from "@/core/alerts/silences/list-silences";

export const GET = apiRoute("read alerts", async (request, runtime) => {
  parseQuery(request, z.strictObject({}));
  return { data: await listSilences(runtime) };
});

export const POST = apiRoute("change alerts", async (request, runtime, asked) => {
  const input = await parseBody(request, silenceInputSchema);
  return audited(runtime, asked, async (inside) => {
    const data = await createSilence(inside, input);
    const { id, service, kind, starts_at, ends_at } = data;
    const detail = { id, kind, starts_at, ends_at };
    return { status: 201, data, audit: { action: "silence.create", target: service ?? "every service", detail } };
  });
});

/** Ends one now; it stays in the list. */
export const DELETE = apiRoute("change alerts", async (request, runtime, asked) => {
  const { id } = parseQuery(request, z.strictObject({ id: idParameter }));
  return audited(runtime, asked, async (inside) => {
    const data = await endSilence(inside, id);
    return { data, audit: { action: "silence.end", target: data.service ?? "every service", detail: { id } } };
  });
});
