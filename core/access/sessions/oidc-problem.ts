/**
 * Codes that say that nothing was decided about the account: the sign-in was given up, took too long, or the provider and this server
 * don't understand each other. From RFC 6749 (4.1.2.1, 5.2) and better-auth's callback.
 */
const UNFINISHED = new Set([
  "access_denied",
  "invalid_request",
  "unauthorized_client",
  "unsupported_response_type",
  "invalid_scope",
  "server_error",
  "temporarily_unavailable",
  "invalid_client",
  "invalid_grant",
  "no_code",
  "invalid_code",
  "state_not_found",
  "state_mismatch",
  "state_invalid",
  "state_generation_error",
  "invalid_callback_request",
  "issuer_missing",
  "issuer_mismatch",
  "nonce_binding_missing",
  "unable_to_get_user_info",
  "oauth_provider_not_found",
  "no_callback_url",
  "internal_server_error",
]);

/** Why a sign-in at the OpenID provider led back without a session, for who tried. @param code what came back as `error` */
export const oidcProblem = (code: string): string =>
  UNFINISHED.has(code)
    ? `The sign-in was not finished (${code}): try again.`
    : "That account may not sign in here: ask an admin to invite its address.";
