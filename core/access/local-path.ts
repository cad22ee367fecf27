/** An origin that no browser reaches (RFC 2606), to see whether a path leaves it. */
const NOWHERE = "http://cordwood.invalid";

/** The path itself when it stays on this server, else the first page: a link to sign in must not lead anywhere else. */
export function localPath(path: string): string {
  if (!path.startsWith("/") || !URL.canParse(path, NOWHERE)) return "/";
  const url = new URL(path, NOWHERE);
  // Browsers read \ as / and drop tabs and line breaks; so does URL, which is why its own reading is what is given.
  return url.origin === NOWHERE && !url.pathname.startsWith("//") ? `${url.pathname}${url.search}${url.hash}` : "/";
}
