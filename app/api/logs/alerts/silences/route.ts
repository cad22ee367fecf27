import { z } from "zod";
import { apiRoute, parseBody, parseQuery } from "@/app/api/api-route";
import { idParameter } from "@/app/api/parameters";
import { silenceInputSchema } from "@/core/alerts/schemas";
import { createSilence } from "@/core/alerts/silences/create-silence";
import { endSilence } from "@/core/alerts/silences/end-silence";
import { listSilences } from "@/core/alerts/silences/list-silences";

export const GET = apiRoute(async (request, runtime) => {
  parseQuery(request, z.strictObject({}));
  return { data: await listSilences(runtime) };
});

export const POST = apiRoute(async (request, runtime) => ({
  status: 201,
  data: await createSilence(runtime, await parseBody(request, silenceInputSchema)),
}));

/** Ends one now; it stays in the list. */
export const DELETE = apiRoute(async (request, runtime) => ({
  data: await endSilence(runtime, parseQuery(request, z.strictObject({ id: idParameter })).id),
}));
