import type { ListenerName } from "@/core/senders/target";

/** What a page needs to know of the server to say how one sends to it. */
export type SendingPlace = {
  /** By which the viewer reached it, as far as the server knows. */
  origin: string;
  /** Whether it was told its address: then that counts, whatever the browser's is. */
  isConfigured: boolean;
  /** Of listeners beside HTTP; null for one that is closed. */
  ports: Readonly<Record<ListenerName, number | null>>;
  /** Those who can make an API key, for a viewer who can't. */
  keyMakers: readonly { name: string; email: string }[];
};
