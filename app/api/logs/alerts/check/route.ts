import { apiRoute } from "@/app/api/api-route";
import { checkThresholds } from "@/core/alerts/check-thresholds";

/** Evaluates now. */
export const POST = apiRoute("change alerts", async (_request, runtime) => ({ data: await checkThresholds(runtime) }));
