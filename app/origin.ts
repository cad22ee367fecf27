import { headers } from "next/headers";

/** The address that the viewer reached this server by, for snippets that work when they are pasted. */
export async function originOf(): Promise<string> {
  const host = (await headers()).get("host") ?? "127.0.0.1:3000";
  return `http://${host}`;
}
