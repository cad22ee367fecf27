import { plainRoute } from "@/app/api/api-route";

export const dynamic = "force-dynamic";

/** Liveness: the process answers. */
export const GET = plainRoute("always", async () => Response.json({ status: "ok" }));
