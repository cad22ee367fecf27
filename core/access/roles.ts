import { KEY_SCOPES, ROLES } from "@/db/schema/access-names";

export { KEY_SCOPES, ROLES };

export type Role = (typeof ROLES)[number];
export type KeyScope = (typeof KEY_SCOPES)[number];
