import { z } from "zod";
import { alertSeenBy } from "@/app/alert-seen-by";
import { apiRoute } from "@/app/api/api-route";
import { audited } from "@/core/access/audit/audited";
import { deleteQueryAlert } from "@/core/alerts/queries/delete-query-alert";
import { getQueryAlert } from "@/core/alerts/queries/get-query-alert";
import { createQueryAlert, updateQueryAlert } from "@/core/alerts/queries/save-query-alert";
import { queryAlertChangeSchema, queryAlertInputSchema, queryAlertSchema } from "@/core/alerts/queries/schemas";
import { wholeNumber } from "@/core/whole-number";

const querySchema = z.strictObject({ id: wholeNumber(1, Number.MAX_SAFE_INTEGER) });

export const GET = apiRoute(
  { need: "read alerts", summary: "One alert on a query.", query: querySchema, answer: queryAlertSchema },
  async (_request, runtime, { principal, query }) => {
    const alert = await getQueryAlert(runtime, query.id);
    return { data: alertSeenBy(principal)(alert) };
  },
);

export const POST = apiRoute(
  {
    need: "change alerts",
    summary: "Makes an alert on a query.",
    body: queryAlertInputSchema,
    answer: queryAlertSchema,
  },
  async (_request, runtime, asked) => {
    const input = asked.body;
    return audited(runtime, asked, async (inside) => ({
      status: 201,
      data: await createQueryAlert(inside, input),
      message: "Alert created successfully",
      audit: { action: "alert.create", target: input.name },
    }));
  },
);

export const PUT = apiRoute(
  {
    need: "change alerts",
    summary:
      "Changes an alert on a query; what the body does not name stays. With an `updated_at` that is no more it is a 409.",
    query: querySchema,
    body: queryAlertChangeSchema,
    answer: queryAlertSchema,
  },
  async (_request, runtime, asked) => {
    const { id } = asked.query;
    const change = asked.body;
    return audited(runtime, asked, async (inside) => {
      const data = await updateQueryAlert(inside, id, change);
      return {
        data,
        message: "Alert updated successfully",
        audit: {
          action: "alert.change",
          target: data.name,
          detail: { changed: Object.keys(change).filter((name) => name !== "updated_at") },
        },
      };
    });
  },
);

export const DELETE = apiRoute(
  { need: "change alerts", summary: "Deletes an alert on a query.", query: querySchema, answer: queryAlertSchema },
  async (_request, runtime, asked) => {
    const { id } = asked.query;
    return audited(runtime, asked, async (inside) => {
      const data = await deleteQueryAlert(inside, id);
      return { data, message: "Alert deleted successfully", audit: { action: "alert.delete", target: data.name } };
    });
  },
);
