import type { Runtime } from "@/core/runtime";

/** What to do first: it depends on who may do anything. */
export async function nextSteps({ access, publicUrl }: Runtime, url: string, isOnLoopback: boolean): Promise<string[]> {
  const mode = await access.mode();
  if (mode === "local") return [`Send a first log:\n  ${firstLog(url)}`];
  const isPlain = !isOnLoopback && !publicUrl.startsWith("https:");
  return [
    ...(mode === "locked"
      ? [
          `It is locked until it has an account. This link makes the first one, once:\n  ${setUpLink(publicUrl, access)}`,
        ]
      : []),
    ...(isPlain
      ? [
          "Passwords and logs go over the network unencrypted: put TLS before it, and set CORDWOOD_URL to the https address.",
        ]
      : []),
  ];
}

/** The token stands behind #, as in all links (send-reset-mail.ts). */
const setUpLink = (publicUrl: string, { setUpToken }: Runtime["access"]) => `${publicUrl}/set-up#${setUpToken}`;

const firstLog = (url: string) =>
  `curl -X POST ${url}/api/logs -H 'Content-Type: application/json' -d '{"service":"hello","level":"info","message":"Hello, Cordwood"}'`;
