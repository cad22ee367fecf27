import { SharedStream } from "./shared-stream";

const EVENTS = "/api/logs/events";

/** For a browser without shared workers, such as that of many phones: a connection for this page, which then is the one in sight. */
let own: SharedStream | null = null;

/**
 * A way to the connection that all pages of this browser share.
 * @param failed called when there is none after all: the next port is to the page's own
 */
export function openPort(failed: () => void): MessagePort {
  if (own === null && typeof SharedWorker !== "undefined") {
    const worker = new SharedWorker(new URL("./shared-worker.ts", import.meta.url), { name: "cordwood events" });
    worker.onerror = () => {
      own ??= new SharedStream(EVENTS);
      failed();
    };
    return worker.port;
  }
  own ??= new SharedStream(EVENTS);
  const { port1, port2 } = new MessageChannel();
  own.add(port1);
  return port2;
}
