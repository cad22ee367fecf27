import { ALIVE_EVENT, keepEarlyActions } from "./keep-early-actions";

/** Goes into the head, before anything that can be clicked; rendered on the server only, so that a browser gets its text once. */
export function KeepScript({ nonce }: { nonce: string | undefined }) {
  return (
    <script
      nonce={nonce}
      // Browsers hide a nonce from scripts, so React would find another one in the page than was sent.
      suppressHydrationWarning
      // biome-ignore lint/security/noDangerouslySetInnerHtml: source text of ours, as React escapes what is a script's child
      dangerouslySetInnerHTML={{ __html: `(${keepEarlyActions.toString()})(${JSON.stringify(ALIVE_EVENT)})` }}
    />
  );
}
