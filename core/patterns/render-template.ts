import { patternSample, scanSample } from "./scan-sample";
import { WILDCARD } from "./tokens";

/** What a value looks like, for people; the first that fits. A fingerprint knows no types: 7, 7 ms and 0x7 are one. */
const TYPES: readonly (readonly [RegExp, string])[] = [
  [/^-?\d+(?:[.,]\d+)?%?$/, "<num>"],
  [/^-?\d+(?:\.\d+)? ?(?:ns|us|µs|ms|s|secs?|seconds?|m|mins?|minutes?|h|hours?|d|days?)$/i, "<duration>"],
  [/^\d+(?:\.\d+)? ?(?:bytes?|[kmgt]i?b)$/i, "<size>"],
  [/^\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?$/, "<ip>"],
  [/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i, "<uuid>"],
  [/^[a-z][a-z0-9+.-]*:\/\//i, "<url>"],
  [/^[^\s@/]+@[^\s@]+$/, "<email>"],
  [/^(?:~|\.{0,2}|[a-z]:)[/\\][^\s,]*$/i, "<path>"],
  [/^(?:0x)?[0-9a-f]{6,}$/i, "<hex>"],
  [/^\d{4}-\d\d-\d\d(?:[T ][\d:.,]+(?:Z|[+-][\d:]+)?)?$/, "<time>"],
  [/^[\w.-]+$/, "<str>"],
];

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** A message with its values named by what they look like, and with where it happened if a stack trace says so. */
export function renderTemplate(sample: string): string {
  const { source, tokens, frames } = scanSample(encoder.encode(sample));
  let template = "";
  let end = 0;
  for (let at = 0; at < tokens.count; at++) {
    const start = tokens.starts[at] as number;
    if (start > end && at > 0) template += " ";
    end = tokens.ends[at] as number;
    const text = decoder.decode(source.subarray(start, end));
    template += tokens.hashes[at] === WILDCARD ? placeholderOf(text) : text;
  }
  const [frame] = frames;
  return frame === undefined ? template : `${template} (${frame})`;
}

/** The values of a message, in the order of its template's placeholders. */
export function placeholderValues(message: string): string[] {
  const { source, tokens } = scanSample(patternSample(encoder.encode(message)));
  const values: string[] = [];
  for (let at = 0; at < tokens.count; at++) {
    if (tokens.hashes[at] !== WILDCARD) continue;
    values.push(decoder.decode(source.subarray(tokens.starts[at], tokens.ends[at])));
  }
  return values;
}

function placeholderOf(text: string): string {
  const bare = text.replace(/^["'`]|["'`]$/g, "");
  return TYPES.find(([format]) => format.test(bare))?.[1] ?? "<*>";
}
