import type { Principal } from "@/core/access/principal";
import type { Context } from "@/core/context";
import { auditEvents } from "@/db/schema";
import type { Audit } from "./actions";

type Actor = Pick<typeof auditEvents.$inferInsert, "actorKind" | "actorId" | "actorName">;

/** Writes down what was done. @throws Error of the database: what can't be recorded is not said to be done */
export async function recordAudit(
  { db, clock }: Context,
  principal: Principal | null,
  address: string,
  { action, target, detail, actor }: Audit,
): Promise<void> {
  const who = actor ? { actorKind: actor.kind, actorId: actor.id, actorName: actor.name } : actorOf(principal);
  await db.insert(auditEvents).values({ at: clock.now(), ...who, action, target, detail, address });
}

function actorOf(principal: Principal | null): Actor {
  if (principal === null) return { actorKind: "nobody", actorName: "nobody" };
  if (principal.kind === "local") return { actorKind: "local", actorName: "this machine" };
  const actorName = principal.kind === "user" ? principal.email : principal.name;
  return { actorKind: principal.kind, actorId: principal.id, actorName };
}
