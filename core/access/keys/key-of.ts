import type { HeaderReader } from "@/core/access/header-reader";
import { isKeyText } from "./key-text";
import { isNoKey } from "./no-key";

const KEY_HEADERS = ["x-api-key", "dd-api-key", "x-seq-apikey"];
/**
 * The API key that a request brings: as Bearer (RFC 6750), as X-API-Key, or as the password of Basic (RFC 7617), with any
 * user name; or in the way of a shipper's own protocol: Elasticsearch's ApiKey, whose value is `id:key` in base64 or the key itself,
 * Splunk's scheme, and the headers of Datadog and Seq. Null when it brings none, or what says that there is none.
 */
export function keyOf(headers: HeaderReader): string | null {
  const key = sentKey(headers);
  return key === null || isNoKey(key) ? null : key;
}

function sentKey(headers: HeaderReader): string | null {
  const [scheme = "", value = ""] = (headers.get("authorization") ?? "").trim().split(/\s+/, 2);
  if (scheme.toLowerCase() === "bearer" && value !== "") return value;
  if (scheme.toLowerCase() === "basic" && value !== "") {
    const text = Buffer.from(value, "base64").toString("utf8");
    return text.slice(text.indexOf(":") + 1);
  }
  if (scheme.toLowerCase() === "splunk" && value !== "") return value;
  if (scheme.toLowerCase() === "apikey" && value !== "") return keyOfPair(value);
  for (const name of KEY_HEADERS) {
    const key = headers.get(name)?.trim();
    if (key && !isNoKey(key)) return key;
  }
  return null;
}

/** A key of ours is itself base64, and one in eight has a byte in it that reads as a colon: only what is a text all through is a pair. */
function keyOfPair(value: string): string {
  if (isKeyText(value)) return value;
  const bytes = Buffer.from(value, "base64");
  const text = bytes.toString("utf8");
  const isText =
    Buffer.from(text, "utf8").equals(bytes) && bytes.toString("base64").startsWith(value.replace(/=+$/, ""));
  const colon = text.indexOf(":");
  return isText && colon >= 0 ? text.slice(colon + 1) : value;
}
