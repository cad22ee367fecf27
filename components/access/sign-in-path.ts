/** The page that signs in and goes on to `next`. @param next a path with its parameters */
export function signInPath(next: string): string {
  // A query may have question marks of its own.
  const [path = "/", ...queries] = next.split("?");
  const query = queries.join("?");
  const parameters = new URLSearchParams(query);
  // Of Next.js' own requests for a page's parts.
  parameters.delete("_rsc");
  const text = parameters.size > 0 ? `${path}?${parameters.toString()}` : path;
  return text === "/" ? "/sign-in" : `/sign-in?${new URLSearchParams({ next: text }).toString()}`;
}

/** Signs in, and comes back. */
export function leaveToSignIn(): void {
  const { pathname, search } = window.location;
  window.location.assign(signInPath(`${pathname}${search}`));
}
