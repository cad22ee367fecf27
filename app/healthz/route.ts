import { doorRoute } from "@/app/door/door-route";

export const dynamic = "force-dynamic";

export const GET = doorRoute("GET", "/healthz", { summary: "Whether the process answers." });
