import { z } from "zod";
import { servicesParameters } from "@/app/api/parameters";
import { LIMITS } from "@/core/limits";
import { wholeNumber } from "@/core/whole-number";

/** Of the answers that have services by their names; other parameters were never looked at there. */
export const dashboardSchema = z.object({
  ...servicesParameters,
  limit: wholeNumber(1, LIMITS.listedServices).default(LIMITS.listedServices),
});

/** Says that an answer has not all services, and how to get the others. */
export const cutMessage = (shown: number, total: number): string | undefined =>
  shown < total
    ? `${shown} of ${total} services: the others come by search, sort and limit, or page by page from /api/logs/services`
    : undefined;
