import { apiRoute } from "@/app/api/api-route";
import { audited } from "@/core/access/audit/audited";
import { tellRetention } from "@/core/retention/tell-retention";
import { changeRetention } from "@/core/settings/change-retention";
import { getRetention } from "@/core/settings/get-retention";
import { type Retention, retentionStateSchema, retentionUpdateSchema } from "@/core/settings/schemas";

export const GET = apiRoute(
  {
    need: "administer",
    summary: "For how many days entries and counts are kept, how much may be stored, and how much is.",
    answer: retentionStateSchema,
  },
  async (_request, runtime) => ({ data: await getRetention(runtime) }),
);

export const PUT = apiRoute(
  {
    need: "administer",
    summary:
      "Changes what the body names. What is past its retention then goes with the next run of the retention job. With an `updated_at` that is no more it is a 409.",
    body: retentionUpdateSchema,
    answer: retentionStateSchema,
  },
  async (_request, runtime, asked) => {
    const { settings } = runtime;
    const { updated_at: madeFrom, ...change } = asked.body;
    const tell = (retention: Retention) => tellRetention(retention, settings.planOf(retention));
    await audited(runtime, asked, async (inside) => {
      const { before, after } = await changeRetention(inside, change, madeFrom);
      return { audit: { action: "retention.change", detail: { before: tell(before), after: tell(after) } } };
    });
    await settings.forget();
    return { data: await getRetention(runtime) };
  },
);
