import { type Finding, look, ok, trouble } from "./finding";

const OLDEST = [20, 9] as const;
/** The lines that are supported by Node.js itself and tried by the tests. */
const SUPPORTED = [22, 24, 26];

/** @param version such as 22.11.0 */
export function checkNode(version: string, platform: string): Finding {
  const part = "Node.js";
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])) {
    return trouble(part, `it is ${version}, which is too old`, `Install Node.js ${SUPPORTED.at(-1)}.`);
  }
  if (SUPPORTED.includes(major)) return ok(part, `${version} on ${platform}`);
  return look(
    part,
    `${version} on ${platform} is not among those that are tried`,
    `Install Node.js ${SUPPORTED.join(" or ")} when there is time for it.`,
  );
}
