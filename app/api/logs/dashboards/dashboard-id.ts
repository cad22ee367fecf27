import { idParameter } from "@/app/api/parameters";
import { notFound } from "@/core/errors";

/** Of the path. @throws Fault not_found for what can be none */
export function dashboardIdOf({ id }: { id: string }): number {
  const parsed = idParameter.safeParse(id);
  if (!parsed.success) throw notFound(`there is no dashboard ${id.slice(0, 50)}`);
  return parsed.data;
}
