import { isAPIError } from "better-auth/api";
import { Fault, type FaultKind, unavailable } from "@/core/errors";

const KINDS: Readonly<Record<number, FaultKind>> = {
  400: "invalid",
  401: "unauthorised",
  403: "forbidden",
  404: "not_found",
  409: "conflict",
  422: "invalid",
  429: "too_busy",
};

/**
 * Waits for a function of better-auth, and says what it refuses as everywhere else.
 * @throws Fault
 */
export async function callAuth<Result>(call: Promise<Result>): Promise<Result> {
  try {
    return await call;
  } catch (error) {
    if (!isAPIError(error)) throw error;
    // What better-auth can't do is what the database didn't let it; it has logged why.
    if (error.statusCode >= 500) throw unavailable("accounts can't be reached at the moment; try again a little later");
    const kind = KINDS[error.statusCode];
    if (!kind) throw error;
    const message = error.body?.message ?? error.message;
    throw new Fault(kind, message.charAt(0).toLowerCase() + message.slice(1));
  }
}
