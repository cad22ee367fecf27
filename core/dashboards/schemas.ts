import { z } from "zod";
import { LIMITS } from "@/core/limits";
import { storableText } from "@/core/storable-text";
import { whole } from "@/core/whole-number";
import { definitionSchema } from "./definition";

/** What is sent to make a dashboard, and what a file of one holds. */
export const dashboardInputSchema = z.strictObject({
  name: storableText(LIMITS.dashboardNameCharacters).trim().min(1, "must not be empty"),
  description: storableText(1_000).trim().default(""),
  definition: definitionSchema,
});

/** The last that can be changed: PostgreSQL's integer has room for one more. */
const LAST_REVISION = 2_147_483_646;

/** What is sent to change one: `revision` is of what the change is based on. */
export const dashboardChangeSchema = dashboardInputSchema.extend({
  revision: whole(1, LAST_REVISION),
});

const stored = {
  id: z.number(),
  name: z.string(),
  description: z.string(),
  revision: z.number(),
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
};

export const dashboardSchema = z.object({ ...stored, definition: definitionSchema });

export const listedDashboardSchema = z.object({ ...stored, panels: z.number() });

export const dashboardListSchema = z.object({
  /** All that match. */
  total: z.number(),
  dashboards: z.array(listedDashboardSchema),
});

export const DASHBOARD_ORDERS = ["name", "updated"] as const;

export type DashboardInput = z.output<typeof dashboardInputSchema>;
export type DashboardChange = z.output<typeof dashboardChangeSchema>;
export type Dashboard = z.output<typeof dashboardSchema>;
export type ListedDashboard = z.infer<typeof listedDashboardSchema>;
export type DashboardList = z.infer<typeof dashboardListSchema>;
