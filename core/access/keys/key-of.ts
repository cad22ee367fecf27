import type { HeaderReader } from "@/core/access/header-reader";

/**
 * The API key that a request brings: as Bearer (RFC 6750), as X-API-Key, or as the password of Basic (RFC 7617), with any
 * user name. Null when it brings none.
 */
export function keyOf(headers: HeaderReader): string | null {
  const [scheme = "", value = ""] = (headers.get("authorization") ?? "").trim().split(/\s+/, 2);
  if (scheme.toLowerCase() === "bearer" && value !== "") return value;
  if (scheme.toLowerCase() === "basic" && value !== "") {
    const text = Buffer.from(value, "base64").toString("utf8");
    return text.slice(text.indexOf(":") + 1);
  }
  return headers.get("x-api-key")?.trim() || null;
}
