import { forbidden, unauthorised } from "@/core/errors";
import type { Principal } from "./principal";
import { type KeyScope, ROLES, type Role } from "./roles";

type Grant = {
  /** The least role; null: nobody in a browser. */
  role: Role;
  /** Any of these lets a key. */
  scopes: readonly KeyScope[];
};

/** What a route or page can need, and who has it: the one place where access is decided. */
const GRANTS = {
  ingest: { role: "editor", scopes: ["ingest"] },
  read: { role: "viewer", scopes: ["read"] },
  "read alerts": { role: "viewer", scopes: ["read", "alerts"] },
  "change alerts": { role: "editor", scopes: ["alerts"] },
  /** Saved views, dashboards and patterns. */
  edit: { role: "editor", scopes: [] },
  /** One's own account. */
  account: { role: "viewer", scopes: [] },
  administer: { role: "admin", scopes: [] },
} as const satisfies Record<string, Grant>;

/**
 * `nothing` is for everybody, once there is an account: what signs people in. `always` is for everybody even while the server is
 * locked: what makes the first account, and what tells that the server lives.
 */
export type Need = keyof typeof GRANTS | "nothing" | "always";

type OpenNeed = Exclude<Need, keyof typeof GRANTS>;

/** Whether it is not looked who asks. */
export const isOpenNeed = (need: Need): need is OpenNeed => need === "nothing" || need === "always";

/** Whether a role is enough, also of somebody who does not ask just now. */
export const mayRole = (role: Role, need: Need): boolean =>
  isOpenNeed(need) || ROLES.indexOf(role) >= ROLES.indexOf(GRANTS[need].role);

/** Whether somebody that is known has what is needed. Who is local, before there is an account, has all but an account. */
export function may(principal: Principal, need: Need): boolean {
  if (isOpenNeed(need)) return true;
  if (principal.kind === "local") return need !== "account";
  if (principal.kind === "user") return mayRole(principal.role, need);
  const scopes: readonly KeyScope[] = GRANTS[need].scopes;
  return principal.scopes.some((scope) => scopes.includes(scope));
}

/**
 * @param principal null: nobody that is known
 * @throws Fault unauthorised when nobody is known, forbidden when what is known is not enough
 */
export function requireNeed(principal: Principal | null, need: Need): void {
  if (isOpenNeed(need)) return;
  if (principal === null) throw unauthorised("sign in, or send an API key as Authorization: Bearer KEY");
  if (may(principal, need)) return;
  throw forbidden(reasonAgainst(principal, need));
}

function reasonAgainst(principal: Principal, need: Exclude<Need, OpenNeed>): string {
  if (principal.kind === "local") return "there is no account yet";
  const { role, scopes } = GRANTS[need];
  if (principal.kind === "user") return `this needs the role ${role}; yours is ${principal.role}`;
  if (scopes.length === 0) return "no API key can do this: sign in";
  return `this needs a key with the scope ${scopes.join(" or ")}; this one has ${principal.scopes.join(", ") || "none"}`;
}
