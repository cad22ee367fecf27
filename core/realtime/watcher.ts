import { encodePosition, type Position } from "./position";

/** Somebody at the other end of a stream of events. */
export type Watcher = {
  /** Takes text in the format of Server-Sent Events. */
  write(bytes: Uint8Array): void;
  /** Has not taken yet what it was given: nothing more should be written. */
  isFull(): boolean;
  /** Ends the stream; the client will come again. */
  close(): void;
};

/** A watcher that says how many bytes of what it took wait to be passed on. */
export type Carrier = Watcher & { waitingBytes(): number };

/** Gives bytes to those that have room for them. @param behind gets those that have none, and loses those that have */
export function tellWatchers(bytes: Uint8Array, watchers: Iterable<Watcher>, behind: Set<Watcher>): void {
  // They may be those who are behind.
  for (const watcher of [...watchers]) {
    if (watcher.isFull()) behind.add(watcher);
    else {
      behind.delete(watcher);
      watcher.write(bytes);
    }
  }
}

/** Begins to give to a watcher what it came for. @returns what ends it */
export type Watch = (watcher: Watcher) => () => void;

/** The same for one that may come for several things. */
export type Carry = (carrier: Carrier) => () => void;

/** Those who watch the same are served together. */
export const keyOf = (watched: object): string => JSON.stringify(watched);

const encoder = new TextEncoder();

/** As it goes over the wire: what several get is made once. */
export const bytesOf = (text: string): Uint8Array => encoder.encode(text);

/** An event of Server-Sent Events (WHATWG HTML, 9.2). @param data JSON, which has no line breaks */
export function eventText(name: string, data: string, position: Position | null): string {
  const id = position === null ? "" : `id: ${encodePosition(position)}\n`;
  return `event: ${name}\n${id}data: ${data}\n\n`;
}

/** What a client gets first: how long to wait before it comes again. */
export const GREETING = bytesOf("retry: 1000\n\n");

export type Heartbeat = {
  /** When the server can't be told what is committed, nothing comes until it can; then nothing has been lost. */
  database: "connected" | "lost";
};

/** The event that says that nothing else has happened; it carries the position, so that who comes back after a silence misses nothing. */
export const heartbeatText = (heartbeat: Heartbeat, now: Date, position: Position | null) =>
  eventText("heartbeat", JSON.stringify({ timestamp: now.toISOString(), ...heartbeat }), position);
