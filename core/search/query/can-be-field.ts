/** What is before the colon of a file with a line: `Pay.java:88`. Attributes are not named so. */
const SOURCE_FILE =
  /\.(?:java|kt|scala|clj|groovy|js|mjs|cjs|jsx|ts|tsx|vue|svelte|py|go|rs|rb|erb|php|c|cc|cpp|cxx|h|hpp|m|swift|cs|fs|vb|ex|exs|erl|hs|lua|pl|pm|dart|sql|sh|ps1|log|txt|json|ya?ml|toml|conf|ini|xml|html|css)$/i;
export const isSourceFile = (name: string): boolean => SOURCE_FILE.test(name);
const LINE = /^\d+(?:[^\w.]|$)/;
/** Of code, key=value pairs and lists: `tty=:0`, `[instance:`. A name with one of these is written with `\` before it. */
const SIGN_OF_TEXT = /(?<!\\)[=[\]{},;|'#]/;
/** Ends of arrows, as in `a->b` and `x=>y`. */
const ARROW = /[-=]$/;
const NUMBER_OR_ADDRESS = /^\d+(?:\.\d+)*$/;
const DRIVE = /^[a-z]$/i;

/**
 * Whether a comparison, written without quotes, can be one of a field: not an arrow or what stands between < and >.
 * @param value what stands behind the sign, up to the next space, parenthesis or quote
 */
export const canBeCompared = (name: string, value: string): boolean =>
  !(ARROW.test(name) || SIGN_OF_TEXT.test(name) || /[<>]/.test(value));

/**
 * Whether `name:value` can be a field and its value. Without quotes it can't when it is a time (15:00), an address with a
 * port (10.0.0.1:80), anything with a second colon (aa:bb:cc, ::1), a file with a line (Pay.java:88), a path of Windows
 * (C:\temp), or a piece of code or of a list (tty=:0): people paste these.
 * @param name before the colon, as it was written
 * @param value what stands behind it, up to the next space or parenthesis; null when it stands in quotes
 */
export function canBeField(name: string, value: string | null): boolean {
  if (SIGN_OF_TEXT.test(name)) return false;
  if (value === null) return true;
  if (NUMBER_OR_ADDRESS.test(name)) return false;
  // It may be a regular expression, in which a colon is a colon.
  if (value.startsWith("/")) return true;
  if (hasColon(value)) return false;
  if (DRIVE.test(name) && value.startsWith("\\")) return false;
  return !(SOURCE_FILE.test(name) && LINE.test(value));
}

/** One that is not escaped. */
const hasColon = (value: string) => value.replaceAll(/\\[^\p{L}\p{N}]/gu, "").includes(":");
