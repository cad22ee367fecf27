import { z } from "zod";
import { apiRoute } from "@/app/api/api-route";
import { idParameter } from "@/app/api/parameters";
import { parseBody, parseQuery } from "@/app/api/parse-request";
import { silenceInputSchema } from "@/core/alerts/schemas";
import { createSilence } from "@/core/alerts/silences/create-silence";
import { endSilence } from "@/core/alerts/silences/end-silence";
import { listSilences } from "@/core/alerts/silences/list-silences";

export const GET = apiRoute("read alerts", async (request, runtime) => {
  parseQuery(request, z.strictObject({}));
  return { data: await listSilences(runtime) };
});

export const POST = apiRoute("change alerts", async (request, runtime) => {
  const data = await createSilence(runtime, await parseBody(request, silenceInputSchema));
  const { id, service, kind, starts_at, ends_at } = data;
  const detail = { id, kind, starts_at, ends_at };
  return { status: 201, data, audit: { action: "silence.create", target: service ?? "every service", detail } };
});

/** Ends one now; it stays in the list. */
export const DELETE = apiRoute("change alerts", async (request, runtime) => {
  const data = await endSilence(runtime, parseQuery(request, z.strictObject({ id: idParameter })).id);
  const target = data.service ?? "every service";
  return { data, audit: { action: "silence.end", target, detail: { id: data.id } } };
});
