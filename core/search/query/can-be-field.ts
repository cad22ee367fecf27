/** What is before the colon of a file with a line: `Pay.java:88`. Attributes are not named so. */
const SOURCE_FILE =
  /\.(?:java|kt|scala|clj|groovy|js|mjs|cjs|jsx|ts|tsx|vue|svelte|py|go|rs|rb|erb|php|c|cc|cpp|cxx|h|hpp|m|swift|cs|fs|vb|ex|exs|erl|hs|lua|pl|pm|dart|sql|sh|ps1|log|txt|json|ya?ml|toml|conf|ini|xml|html|css)$/i;
const LINE = /^\d+(?:[^\w.]|$)/;
const NUMBER_OR_ADDRESS = /^\d+(?:\.\d+)*$/;
const DRIVE = /^[a-z]$/i;

/**
 * Whether `name:value`, written without quotes, can be a field and its value. It can't when it is a time (15:00), an address
 * with a port (10.0.0.1:80), anything with a second colon (aa:bb:cc, ::1), a file with a line (Pay.java:88), or a path of
 * Windows (C:\temp): people paste these (design section 7). Quotes around the value make any of them a field.
 * @param name before the colon, as it was written
 * @param value what stands behind it, up to the next space, parenthesis or quote
 */
export function canBeField(name: string, value: string): boolean {
  if (NUMBER_OR_ADDRESS.test(name)) return false;
  // It may be a regular expression, in which a colon is a colon.
  if (value.startsWith("/")) return true;
  if (hasColon(value)) return false;
  if (DRIVE.test(name) && value.startsWith("\\")) return false;
  return !(SOURCE_FILE.test(name) && LINE.test(value));
}

/** One that is not escaped. */
const hasColon = (value: string) => value.replaceAll(/\\[^\p{L}\p{N}]/gu, "").includes(":");
