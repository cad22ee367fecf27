import { createHmac } from "node:crypto";
import http from "node:http";
import https from "node:https";
import { LIMITS } from "@/core/limits";
import { hiddenWebhookUrl } from "../../configs/hide-webhook-url";
import { agentFor, type WebhookPolicy } from "../webhook-policy";

export type WebhookCall = {
  url: string;
  body: string;
  /** Beside those of JSON. */
  headers: Record<string, string>;
  deliveryId: string;
  /** Signs the call; null: it is not signed. */
  secret: string | null;
  policy: WebhookPolicy;
  now: Date;
};

/** A receiver's answer is shown to the user only so far. */
const SHOWN_ANSWER_CHARACTERS = 200;
/** So that what is hidden in it stands there whole: an address has at most 2,000 characters. */
const READ_ANSWER_CHARACTERS = 2_500;

/**
 * Posts JSON. Any 2xx is success; a redirect is not followed, as it could lead where the policy doesn't allow.
 * @throws Error with what the user should know: the status, that it timed out, or why it could not connect
 */
export async function callWebhook(call: WebhookCall): Promise<void> {
  const { url: text, body, deliveryId, secret, policy, now } = call;
  const url = new URL(text);
  const request = url.protocol === "https:" ? https.request : http.request;
  const headers = {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(body),
    "user-agent": "Cordwood",
    ...signatureHeaders(body, deliveryId, secret, now),
    ...call.headers,
  };
  const { status, answer, location } = await new Promise<{ status: number; answer: string; location: string }>(
    (resolve, reject) => {
      const signal = AbortSignal.timeout(LIMITS.deliveryTimeoutMs);
      const sent = request(
        url,
        { method: "POST", headers, agent: agentFor(policy, url), lookup: policy.lookup, signal },
        (response) => {
          let answer = "";
          response.on("data", (chunk: Buffer) => {
            if (answer.length < READ_ANSWER_CHARACTERS) answer += chunk.toString();
          });
          response.on("end", () =>
            resolve({ status: response.statusCode ?? 0, answer, location: response.headers.location ?? "" }),
          );
          response.on("error", reject);
        },
      );
      sent.on("error", (error) => reject(signal.aborted ? timedOut() : error));
      sent.end(body);
    },
  );
  if (status >= 200 && status < 300) return;
  if (status >= 300 && status < 400)
    throw new Error(`redirected${whereTo(location, url)}: set the URL that it leads to, redirects are not followed`);
  const shown = withoutPath(answer, url).slice(0, SHOWN_ANSWER_CHARACTERS).replaceAll(/\s+/g, " ").trim();
  throw new Error(`status ${status}${shown === "" ? "" : `: ${shown}`}`);
}

/** Its path may be as secret as the one that was called, and may be the same. */
function whereTo(location: string, from: URL): string {
  if (location === "" || !URL.canParse(location, from)) return "";
  const to = new URL(location, from);
  return /^https?:$/.test(to.protocol) ? ` to ${hiddenWebhookUrl(to.href)}` : "";
}

/** Receivers name what was asked for when it is not there. */
function withoutPath(answer: string, { pathname, search }: URL): string {
  const secrets = [`${pathname}${search}`, pathname, search].filter((secret) => secret.length > 1);
  return secrets.reduce((text, secret) => text.replaceAll(secret, "/…"), answer);
}

const timedOut = () => new Error(`no answer within ${LIMITS.deliveryTimeoutMs / 1000} s`);

/** Headers of the Standard Webhooks specification (standardwebhooks.com); the id stays the same over all attempts. */
function signatureHeaders(body: string, deliveryId: string, secret: string | null, now: Date): Record<string, string> {
  const timestamp = String(Math.floor(now.getTime() / 1000));
  const headers = { "webhook-id": deliveryId, "webhook-timestamp": timestamp };
  if (secret === null) return headers;
  // The specification's own form of a secret; any other text is the key as it stands.
  const key = secret.startsWith("whsec_") ? Buffer.from(secret.slice(6), "base64") : Buffer.from(secret);
  const signature = createHmac("sha256", key).update(`${deliveryId}.${timestamp}.${body}`).digest("base64");
  return { ...headers, "webhook-signature": `v1,${signature}` };
}
