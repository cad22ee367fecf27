import { z } from "zod";
import { apiRoute } from "@/app/api/api-route";
import { parseBody, parseQuery } from "@/app/api/parse-request";
import { audited } from "@/core/access/audit/audited";
import { may } from "@/core/access/needs";
import { hideWebhookUrl } from "@/core/alerts/configs/hide-webhook-url";
import { deleteQueryAlert } from "@/core/alerts/queries/delete-query-alert";
import { getQueryAlert } from "@/core/alerts/queries/list-query-alerts";
import { createQueryAlert, updateQueryAlert } from "@/core/alerts/queries/save-query-alert";
import { queryAlertChangeSchema, queryAlertInputSchema } from "@/core/alerts/queries/schemas";
import { wholeNumber } from "@/core/whole-number";

const querySchema = z.strictObject({ id: wholeNumber(1, Number.MAX_SAFE_INTEGER) });

export const GET = apiRoute("read alerts", async (request, runtime, { principal }) => {
  const alert = await getQueryAlert(runtime, parseQuery(request, querySchema).id);
  return { data: principal && may(principal, "change alerts") ? alert : hideWebhookUrl(alert) };
});

export const POST = apiRoute("change alerts", async (request, runtime, asked) => {
  const input = await parseBody(request, queryAlertInputSchema);
  return audited(runtime, asked, async (inside) => ({
    status: 201,
    data: await createQueryAlert(inside, input),
    message: "Alert created successfully",
    audit: { action: "alert.create", target: input.name },
  }));
});

/** What the body does not name stays. */
export const PUT = apiRoute("change alerts", async (request, runtime, asked) => {
  const { id } = parseQuery(request, querySchema);
  const change = await parseBody(request, queryAlertChangeSchema);
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
});

export const DELETE = apiRoute("change alerts", async (request, runtime, asked) => {
  const { id } = parseQuery(request, querySchema);
  return audited(runtime, asked, async (inside) => {
    const data = await deleteQueryAlert(inside, id);
    return { data, message: "Alert deleted successfully", audit: { action: "alert.delete", target: data.name } };
  });
});
