import type { HeaderReader } from "@/core/access/header-reader";

/**
 * The API key that a request brings: as Bearer (RFC 6750), as X-API-Key, or as the password of Basic (RFC 7617), with any
 * user name; or in the way of a shipper's own protocol: Elasticsearch's ApiKey, whose value is `id:key` in base64 or the key itself,
 * and Splunk's scheme. Null when it brings none.
 */
export function keyOf(headers: HeaderReader): string | null {
  const [scheme = "", value = ""] = (headers.get("authorization") ?? "").trim().split(/\s+/, 2);
  if (scheme.toLowerCase() === "bearer" && value !== "") return value;
  if (scheme.toLowerCase() === "basic" && value !== "") {
    const text = Buffer.from(value, "base64").toString("utf8");
    return text.slice(text.indexOf(":") + 1);
  }
  if (scheme.toLowerCase() === "splunk" && value !== "") return value;
  if (scheme.toLowerCase() === "apikey" && value !== "") return keyOfPair(value);
  return headers.get("x-api-key")?.trim() || null;
}

function keyOfPair(value: string): string {
  const text = Buffer.from(value, "base64").toString("utf8");
  const colon = text.indexOf(":");
  return colon < 0 ? value : text.slice(colon + 1);
}
