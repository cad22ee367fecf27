import { z } from "zod";
import { apiRoute, parseBody, parseQuery } from "@/app/api/api-route";
import { idParameter } from "@/app/api/parameters";
import { createView } from "@/core/views/create-view";
import { deleteView } from "@/core/views/delete-view";
import { listViews } from "@/core/views/list-views";
import { viewInputSchema } from "@/core/views/schemas";
import { updateView } from "@/core/views/update-view";

const querySchema = z.strictObject({ id: idParameter });

export const GET = apiRoute(async (request, runtime) => {
  parseQuery(request, z.strictObject({}));
  return { data: await listViews(runtime) };
});

export const POST = apiRoute(async (request, runtime) => ({
  status: 201,
  data: await createView(runtime, await parseBody(request, viewInputSchema)),
}));

/** Replaces the whole view. */
export const PUT = apiRoute(async (request, runtime) => {
  const { id } = parseQuery(request, querySchema);
  return { data: await updateView(runtime, id, await parseBody(request, viewInputSchema)) };
});

export const DELETE = apiRoute(async (request, runtime) => ({
  data: await deleteView(runtime, parseQuery(request, querySchema).id),
}));
