import type { dashboards } from "@/db/schema";
import { definitionSchema } from "./definition";
import type { Dashboard, ListedDashboard } from "./schemas";

type Row = typeof dashboards.$inferSelect;

const storedOf = ({ id, name, description, revision, createdAt, updatedAt }: Omit<Row, "definition">) => ({
  id,
  name,
  description,
  revision,
  created_at: createdAt.toISOString(),
  updated_at: updatedAt.toISOString(),
});

/** @throws ZodError when what is stored is of a version that this one doesn't know */
export const dashboardOf = ({ definition, ...row }: Row): Dashboard => ({
  ...storedOf(row),
  definition: definitionSchema.parse(definition),
});

export const listedDashboardOf = ({
  panels,
  ...row
}: Omit<Row, "definition"> & { panels: number }): ListedDashboard => ({
  ...storedOf(row),
  panels,
});
