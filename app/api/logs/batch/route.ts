import { doorRoute } from "@/app/door/door-route";

export const POST = doorRoute("POST", "/api/logs/batch");
