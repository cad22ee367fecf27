import { z } from "zod";
import { timeParameter } from "@/app/api/parameters";
import { AUDIT_ACTIONS } from "@/core/access/audit/actions";

/** Parameters of all that reads the audit log. */
export const auditParameters = {
  action: z.enum(AUDIT_ACTIONS, "must be an action, such as key.create").optional(),
  text: z
    .string()
    .max(200, "must have at most 200 characters")
    .regex(/^\P{Cc}*$/u, "must be text")
    .optional(),
  from: timeParameter.optional(),
  to: timeParameter.optional(),
};
