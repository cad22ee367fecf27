/** What a page says of its connection: what is shown is up to date; is being got back; can't be had. */
export type LiveState = "connecting" | "live" | "reconnecting" | "offline";

/** What a page says to the connection that it shares with the browser's others. A port is one subscription. */
export type Ask =
  /** `path` is of an endpoint that sends events, `position` the id of the last one that the page has; empty for none. */
  | { kind: "follow"; path: string; position: string }
  /** Pages end without a word when they crash: who was not heard of for a while is gone. */
  | { kind: "here" }
  | { kind: "leave" };

/** What a page is told. */
export type News =
  /** `id` is empty when the event has no position; `data` is its JSON text. */
  | { kind: "event"; name: string; id: string; data: string }
  | { kind: "state"; state: LiveState }
  /** The server won't send it; the others go on. `status` is HTTP's. */
  | { kind: "refused"; status: number }
  /** The session is over, for all of them. */
  | { kind: "signed out" };
