import { headlineOf } from "../../alert-message";
import { signedBody } from "./format";

/** Cordwood's own JSON, documented in docs/alerts.md. */
export const generic = signedBody((message, deliveryId) => ({
  delivery_id: deliveryId,
  title: headlineOf(message),
  ...message,
}));
