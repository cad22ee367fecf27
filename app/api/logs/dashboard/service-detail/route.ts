import { z } from "zod";
import { apiRoute } from "@/app/api/api-route";
import { timeRangeParameter } from "@/app/api/parameters";
import { serviceNameSchema } from "@/core/service-name";
import { getServiceDetail } from "@/core/stats/get-service-detail";
import { serviceDetailSchema } from "@/core/stats/schemas";

const querySchema = z.object({ service: serviceNameSchema, timeRange: timeRangeParameter });

export const GET = apiRoute(
  { need: "read", summary: "What the page of a service shows.", query: querySchema, answer: serviceDetailSchema },
  async (_request, runtime, { query }) => {
    const { service, timeRange } = query;
    return { data: await getServiceDetail(runtime, service, timeRange) };
  },
);
