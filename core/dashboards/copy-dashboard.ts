import type { Context } from "@/core/context";
import { LIMITS } from "@/core/limits";
import { createDashboard } from "./create-dashboard";
import { getDashboard } from "./get-dashboard";
import type { Dashboard } from "./schemas";

const COPY = " (copy)";

/** Another one with the same panels. @throws Fault not_found */
export async function copyDashboard(context: Context, id: number): Promise<Dashboard> {
  const { name, description, definition } = await getDashboard(context, id);
  return createDashboard(context, {
    name: `${[...name].slice(0, LIMITS.dashboardNameCharacters - COPY.length).join("")}${COPY}`,
    description,
    definition,
  });
}
