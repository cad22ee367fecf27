import type { Inngest } from "inngest";
import { deliverAlert } from "./deliver-alert";
import { scheduledJobs } from "./scheduled-jobs";

/** Every function, as it is served at /api/inngest. */
export const createFunctions = (client: Inngest.Any) => [...scheduledJobs(client), deliverAlert(client)];
