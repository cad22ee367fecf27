import Bowser from "bowser";

/** What a browser says that it is, for people: such as Chrome on Linux; programs as they call themselves. */
export function browserName(userAgent: string | null): string {
  if (userAgent === null || userAgent === "") return "unknown";
  const { browser, os } = Bowser.parse(userAgent);
  if (!browser.name) return userAgent;
  return os.name ? `${browser.name} on ${os.name}` : browser.name;
}
