import type { DashboardInput } from "@/core/dashboards/schemas";

/** A dashboard that comes with Cordwood, made for what is sent. */
export type BuiltIn = DashboardInput & {
  /** In URLs. */
  key: string;
  /** Of the fields that it was made for. */
  fields: string[];
};
