import { admit } from "@/app/admit";
import { failureOf } from "@/app/api/failure";
import type { Runtime } from "@/core/runtime";
import type { Address, DoorAnswer, DoorRequest } from "./address";
import { jsonAnswer } from "./answers";

const NO_STORE = { "cache-control": "no-store" };

/** Lets a request in, has it answered, and tells what goes wrong as everywhere, or as the address wants it told. Never throws. */
export async function answer(address: Address, request: DoorRequest, runtime: Runtime): Promise<DoorAnswer> {
  try {
    const key = address.keyInUrl?.(request) ?? null;
    const { principal, cookies, address: sentFrom } = await admit(runtime.access, request.headers, address.need, key);
    const answered = await address.answer(request, runtime, { principal, address: sentFrom });
    return { ...answered, headers: { ...NO_STORE, ...answered.headers }, cookies };
  } catch (error) {
    const { status, headers, body } = failureOf(error, runtime.logger, address.path);
    const own = address.refusal?.(status, body.error, request);
    if (own) return { ...own, status: own.status ?? status, headers: { ...headers, ...own.headers } };
    return jsonAnswer(status, body, headers);
  }
}
