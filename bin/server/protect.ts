import { randomBytes } from "node:crypto";
import type http from "node:http";
import helmet from "helmet";
import proxyaddr from "proxy-addr";
import type { Access } from "@/core/access/access";
import { isKeyText } from "@/core/access/keys/key-text";
import { isLoopbackHost } from "@/core/access/loopback";
import { SERVER_HEADERS } from "@/core/access/server-headers";
import type { Config } from "@/core/config";
import type { Logger } from "@/core/logger";
import { addressOf, pathOf } from "./address-of";
import { checkRequestLine, SAFE_METHODS } from "./check-request-line";
import type { Handler } from "./handler";
import { type Refusal, refuse } from "./refuse";

type Protection = {
  config: Config;
  access: Access;
  logger: Logger;
  publicUrl: string;
  isDevelopment: boolean;
};

const OPEN_PATHS = ["/healthz", "/readyz"];
const FORWARDED = /^(forwarded|x-forwarded-.*|x-real-ip)$/;
const NONCE_BYTES = 16;
const HSTS_SECONDS = 365 * 24 * 3600;

/** Names under which keys are sent in URLs by clients of other systems. */
const KEY_PARAMETERS = new Set(["api_key", "apikey", "api-key", "x-api-key", "key", "token", "access_token"]);

/**
 * What holds for every request, before any route: who sent it, where a browser may send it from, and what browsers may do
 * with the answer. Whether its sender may have what it asks for is the route's business (core/access/needs.ts).
 */
export function protect(handle: Handler, { config, access, logger, publicUrl, isDevelopment }: Protection): Handler {
  const trust = proxyaddr.compile([...config.trustedProxies]);
  const secure = securityHeaders(publicUrl.startsWith("https:"), isDevelopment);
  return async (request, response) => {
    const malformed = checkRequestLine(request, isDevelopment);
    const { headers } = request;
    const address = proxyaddr(request, trust);
    const forwarding = Object.keys(headers).filter((name) => FORWARDED.test(name));
    for (const name of forwarding) delete headers[name];
    for (const name of Object.values(SERVER_HEADERS)) delete headers[name];
    headers[SERVER_HEADERS.address] = address ?? "";
    secure(request, response);
    if (malformed) return refuse(response, malformed);
    try {
      const refusal = OPEN_PATHS.includes(pathOf(request))
        ? null
        : ((await refuseOutsider(access, request, forwarding.length > 0)) ??
          refuseOrigin(request, publicUrl) ??
          refuseKeyInUrl(request));
      if (refusal) refuse(response, refusal);
      else handle(request, response);
    } catch (error) {
      logger.warn({ error }, "whether there is an account could not be asked");
      // Without the database nobody can be told apart; the routes say the same of it.
      refuse(response, { status: 503, error: "the database can't be reached; send this request again a little later" });
    }
  };
}

/**
 * In local mode the server is this machine's own: neither a name that a stranger's page was given, nor a proxy leads to it. A
 * proxy shows itself by its headers, by the name that it hands on, or by HTTP/1.0, which nginx speaks when nothing else is set
 * and hardly anybody else does; what shows itself by none of them is not caught (docs/security.md).
 */
async function refuseOutsider(
  access: Access,
  { headers: { host = "" }, httpVersion }: http.IncomingMessage,
  wasForwarded: boolean,
): Promise<Refusal | null> {
  if ((await access.mode()) !== "local") return null;
  if (!isLoopbackHost(host)) {
    return {
      status: 403,
      error: `while it has no account, Cordwood is open to its own machine only, as localhost or 127.0.0.1, not as "${host.slice(0, 100)}"`,
    };
  }
  if (httpVersion === "1.0") {
    return {
      status: 403,
      error:
        "while it has no account, Cordwood takes no requests in HTTP/1.0, which proxies speak: use HTTP/1.1, or create the first account on its machine",
    };
  }
  if (!wasForwarded) return null;
  return {
    status: 403,
    error:
      "while it has no account, Cordwood takes no requests through a proxy: create the first account on its machine",
  };
}

/**
 * Against forged requests of other sites (OWASP, "Cross-Site Request Forgery Prevention": fetch metadata, then Origin). What they can't
 * read they may not have done either, such as an export; only a whole window may come from there, by a link or from an OpenID provider.
 */
function refuseOrigin(request: http.IncomingMessage, publicUrl: string): Refusal | null {
  const { method = "", url = "", headers } = request;
  const { origin } = headers;
  const site = headers["sec-fetch-site"];
  const isOwnSite = site === undefined || site === "same-origin" || site === "none";
  if (SAFE_METHODS.includes(method)) {
    if (isOwnSite || !url.startsWith("/api/") || isWindow(headers)) return null;
    return { status: 403, error: "a page of another origin may not ask for anything here" };
  }
  const isOwn = origin === undefined ? true : isOwnOrigin(origin, headers.host ?? "", publicUrl);
  if (isOwn && isOwnSite) return null;
  return { status: 403, error: "a page of another origin may not change anything here" };
}

/** Whether a browser asks for what a window shall show, and not for a part of a page, or a frame in it. */
function isWindow(headers: http.IncomingHttpHeaders): boolean {
  const destination = headers["sec-fetch-dest"];
  return headers["sec-fetch-mode"] === "navigate" && (destination === undefined || destination === "document");
}

function isOwnOrigin(origin: string, host: string, publicUrl: string): boolean {
  if (!URL.canParse(origin)) return false;
  const url = new URL(origin);
  return url.host === host.toLowerCase() || url.origin === new URL(publicUrl).origin;
}

function refuseKeyInUrl(request: http.IncomingMessage): Refusal | null {
  const { url = "" } = request;
  const start = url.indexOf("?");
  if (start < 0) return null;
  const parameters = new URLSearchParams(url.slice(start));
  const expected = addressOf(request)?.keyInUrl?.({ path: pathOf(request), parameters });
  for (const [name, value] of parameters) {
    if (value === expected) continue;
    if (!KEY_PARAMETERS.has(name.toLowerCase()) && !isKeyText(value)) continue;
    return {
      status: 400,
      error: `a key must not stand in the URL (${name.slice(0, 50)}), where logs and histories keep it: send it as Authorization: Bearer KEY`,
    };
  }
  return null;
}

/** A worker is held to the policy of its own script, whatever page began it: it loads its parts, and asks this server. */
const WORKERS_POLICY = "default-src 'none'; script-src 'self'; connect-src 'self'; frame-ancestors 'none'";

/** Next.js takes the nonce for its scripts from the header of the request. */
function securityHeaders(isSecure: boolean, isDevelopment: boolean): Handler {
  const common = helmet({
    contentSecurityPolicy: false,
    strictTransportSecurity: isSecure ? { maxAge: HSTS_SECONDS, includeSubDomains: false } : false,
    referrerPolicy: { policy: "same-origin" },
    xFrameOptions: { action: "deny" },
  });
  return (request, response) => {
    common(request, response, () => undefined);
    const path = request.url ?? "";
    if (path.startsWith("/_next/static/")) {
      response.setHeader("content-security-policy", WORKERS_POLICY);
      return;
    }
    if (path.startsWith("/api/") || addressOf(request)) {
      response.setHeader("content-security-policy", "default-src 'none'; frame-ancestors 'none'");
      return;
    }
    const nonce = randomBytes(NONCE_BYTES).toString("base64");
    const policy = [
      "default-src 'self'",
      // What is loaded by a script with the nonce is trusted as that script is. Development needs eval for its live reload.
      `script-src 'nonce-${nonce}' 'strict-dynamic'${isDevelopment ? " 'unsafe-eval'" : ""}`,
      // The one connection that all pages of a browser share.
      "worker-src 'self'",
      // Styles of elements are how Mantine and Recharts place things; no text of a user ever is one.
      "style-src 'self' 'unsafe-inline'",
      "img-src 'self' data:",
      "object-src 'none'",
      "base-uri 'none'",
      "form-action 'self'",
      "frame-ancestors 'none'",
    ].join("; ");
    response.setHeader("content-security-policy", policy);
    request.headers["content-security-policy"] = policy;
    request.headers[SERVER_HEADERS.nonce] = nonce;
    request.headers[SERVER_HEADERS.path] = path;
  };
}
