import { z } from "zod";
import { apiRoute } from "@/app/api/api-route";
import { idParameter } from "@/app/api/parameters";
import { parseBody, parseQuery } from "@/app/api/parse-request";
import { audited } from "@/core/access/audit/audited";
import { createView } from "@/core/views/create-view";
import { deleteView } from "@/core/views/delete-view";
import { listViews } from "@/core/views/list-views";
import { viewInputSchema } from "@/core/views/schemas";
import { updateView } from "@/core/views/update-view";

const querySchema = z.strictObject({ id: idParameter });

export const GET = apiRoute("read", async (request, runtime) => {
  parseQuery(request, z.strictObject({}));
  return { data: await listViews(runtime) };
});

export const POST = apiRoute("edit", async (request, runtime, asked) => {
  const input = await parseBody(request, viewInputSchema);
  return audited(runtime, asked, async (inside) => {
    const data = await createView(inside, input);
    return { status: 201, data, audit: { action: "view.create", target: data.name } };
  });
});

/** Replaces the whole view. */
export const PUT = apiRoute("edit", async (request, runtime, asked) => {
  const { id } = parseQuery(request, querySchema);
  const input = await parseBody(request, viewInputSchema);
  return audited(runtime, asked, async (inside) => {
    const data = await updateView(inside, id, input);
    return { data, audit: { action: "view.change", target: data.name } };
  });
});

export const DELETE = apiRoute("edit", async (request, runtime, asked) => {
  const { id } = parseQuery(request, querySchema);
  return audited(runtime, asked, async (inside) => {
    const data = await deleteView(inside, id);
    return { data, audit: { action: "view.delete", target: data.name } };
  });
});
