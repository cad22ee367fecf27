import nodemailer, { type Transporter } from "nodemailer";
import { LIMITS } from "@/core/limits";

export type Mailer = {
  transport: Transporter;
  from: string;
};

/** @param smtpUrl such as smtp://user:password@host:587 or smtps://host:465 */
export function createMailer(smtpUrl: string, from: string): Mailer {
  const timeouts = {
    connectionTimeout: LIMITS.deliveryTimeoutMs,
    greetingTimeout: LIMITS.deliveryTimeoutMs,
    socketTimeout: LIMITS.deliveryTimeoutMs,
    dnsTimeout: LIMITS.deliveryTimeoutMs,
  };
  return { transport: nodemailer.createTransport({ url: smtpUrl, ...timeouts }), from };
}
