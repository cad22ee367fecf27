import { z } from "zod";
import { apiRoute, listRoute } from "@/app/api/api-route";
import { idParameter, searchedPageParameters } from "@/app/api/parameters";
import { audited } from "@/core/access/audit/audited";
import { LIMITS } from "@/core/limits";
import { createView } from "@/core/views/create-view";
import { deleteView } from "@/core/views/delete-view";
import { listViews } from "@/core/views/list-views";
import { savedViewSchema, viewInputSchema } from "@/core/views/schemas";
import { updateView } from "@/core/views/update-view";

const querySchema = z.strictObject({ id: idParameter });

export const GET = listRoute(
  {
    need: "read",
    summary: "Searches that were saved, by name; one that is called just as is searched for comes first.",
    query: z.strictObject(searchedPageParameters(LIMITS.listedViews)),
    answer: z.array(savedViewSchema),
  },
  (_request, runtime, { query }) => listViews(runtime, query),
);

export const POST = apiRoute(
  { need: "edit", summary: "Saves a search.", body: viewInputSchema, answer: savedViewSchema },
  async (_request, runtime, asked) => {
    const input = asked.body;
    return audited(runtime, asked, async (inside) => {
      const data = await createView(inside, input);
      return { status: 201, data, audit: { action: "view.create", target: data.name } };
    });
  },
);

export const PUT = apiRoute(
  {
    need: "edit",
    summary: "Replaces a saved search as a whole.",
    query: querySchema,
    body: viewInputSchema,
    answer: savedViewSchema,
  },
  async (_request, runtime, asked) => {
    const { id } = asked.query;
    const input = asked.body;
    return audited(runtime, asked, async (inside) => {
      const data = await updateView(inside, id, input);
      return { data, audit: { action: "view.change", target: data.name } };
    });
  },
);

export const DELETE = apiRoute(
  { need: "edit", summary: "Deletes a saved search.", query: querySchema, answer: savedViewSchema },
  async (_request, runtime, asked) => {
    const { id } = asked.query;
    return audited(runtime, asked, async (inside) => {
      const data = await deleteView(inside, id);
      return { data, audit: { action: "view.delete", target: data.name } };
    });
  },
);
