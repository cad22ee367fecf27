import type { Principal, UserPrincipal } from "@/core/access/principal";
import { forbidden } from "@/core/errors";

/** For what is somebody's own. @throws Fault forbidden for keys, and in local mode */
export function requireUserPrincipal(principal: Principal | null): UserPrincipal {
  if (principal?.kind !== "user") throw forbidden("only somebody who is signed in has an account");
  return principal;
}
