import type { Delivery } from "./deliver";
import { Drops } from "./drops";
import { Guard } from "./guard";
import type { ListenerContext } from "./listener";

/** @param listener its name */
export const deliveryOf = (context: ListenerContext, listener: string, ending: AbortSignal): Delivery => ({
  context,
  listener,
  guard: new Guard(context),
  drops: new Drops(context, listener),
  ending,
});
