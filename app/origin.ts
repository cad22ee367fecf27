import { headers } from "next/headers";
import { getRuntime } from "@/core/runtime";

/** The address for snippets that work when they are pasted: what is configured, else how the viewer reached this server. */
export async function originOf(): Promise<string> {
  const { config, publicUrl } = getRuntime();
  if (config.publicUrl !== null) return publicUrl;
  const host = (await headers()).get("host") ?? "127.0.0.1:3000";
  return `http://${host}`;
}
