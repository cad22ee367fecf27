import { apiRoute } from "@/app/api/api-route";
import { dashboardIdOf } from "@/app/api/logs/dashboards/dashboard-id";
import { parseBody } from "@/app/api/parse-request";
import { audited } from "@/core/access/audit/audited";
import { addPanel } from "@/core/dashboards/add-panel";
import { panelContentSchema } from "@/core/dashboards/definition";

/** Puts a panel below the others. */
export const POST = apiRoute<{ id: string }>("edit", async (request, runtime, asked) => {
  const id = dashboardIdOf(asked.params);
  const content = await parseBody(request, panelContentSchema);
  return audited(runtime, asked, async (inside) => {
    const data = await addPanel(inside, id, content);
    const audit = { action: "dashboard.change", target: data.name, detail: { added: content.title } } as const;
    return { status: 201, data, audit };
  });
});
