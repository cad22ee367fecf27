import { z } from "zod";
import { apiRoute } from "@/app/api/api-route";
import { dashboardIdOf } from "@/app/api/logs/dashboards/dashboard-id";
import { audited } from "@/core/access/audit/audited";
import { addPanel } from "@/core/dashboards/add-panel";
import { panelContentSchema } from "@/core/dashboards/definition";
import { dashboardSchema } from "@/core/dashboards/schemas";

export const POST = apiRoute(
  {
    need: "edit",
    summary: "Puts a panel below the others.",
    path: z.object({ id: z.string() }),
    body: panelContentSchema,
    answer: dashboardSchema,
  },
  async (_request, runtime, asked) => {
    const id = dashboardIdOf(asked.path);
    const content = asked.body;
    return audited(runtime, asked, async (inside) => {
      const data = await addPanel(inside, id, content);
      const audit = { action: "dashboard.change", target: data.name, detail: { added: content.title } } as const;
      return { status: 201, data, audit };
    });
  },
);
