import { z } from "zod";
import { apiRoute } from "@/app/api/api-route";
import { checkThresholds } from "@/core/alerts/check-thresholds";
import { violationSchema } from "@/core/alerts/schemas";

export const POST = apiRoute(
  {
    need: "change alerts",
    summary: "Evaluates now; the violations of this minute and the one before.",
    answer: z.array(violationSchema),
  },
  async (_request, runtime) => ({ data: await checkThresholds(runtime) }),
);
