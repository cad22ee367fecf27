import { z } from "zod";
import { listRoute } from "@/app/api/api-route";
import { checkThresholds } from "@/core/alerts/check-thresholds";
import { violationSchema } from "@/core/alerts/schemas";

export const POST = listRoute(
  {
    need: "change alerts",
    summary: "Evaluates now; the violations of this minute and the one before.",
    answer: z.array(violationSchema),
  },
  (_request, runtime) => checkThresholds(runtime),
);
