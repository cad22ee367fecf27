import type { TimeRange } from "@/core/stats/time-range";
import { withRange } from "./with-range";

/** The page of a service; its name is a parameter, because it may hold any character, slashes and dots too. */
export const servicePath = (service: string, range?: TimeRange): string =>
  withRange(`/service?name=${encodeURIComponent(service)}`, range);
