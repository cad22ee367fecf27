import { type Dashboard, type DashboardInput, dashboardInputSchema } from "./schemas";

/** The dashboard as a file that makes the same one elsewhere: what it is, not which one. */
export function exportDashboard({ name, description, definition }: Dashboard): { fileName: string; text: string } {
  const input: DashboardInput = dashboardInputSchema.parse({ name, description, definition });
  const word = name
    .normalize("NFKD")
    .replaceAll(/[^\w]+/g, "-")
    .replaceAll(/^-+|-+$/g, "")
    .toLowerCase();
  return { fileName: `${word === "" ? "dashboard" : word}.json`, text: `${JSON.stringify(input, null, 2)}\n` };
}
