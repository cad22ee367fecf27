import { once } from "node:events";
import net from "node:net";

/**
 * Writes the messages to a listener over TCP, over `connections` at the same time. Resolves when all is stored: a connection that its
 * sender has ended is closed then.
 * @param isAcknowledged the listener answers each message, which is waited for before the next one
 */
export async function sendMessages(
  port: number,
  messages: Iterable<Buffer>,
  connections: number,
  isAcknowledged: boolean,
): Promise<void> {
  const waiting = messages[Symbol.iterator]();
  const sendAll = async () => {
    const socket = net.connect(port, "127.0.0.1");
    const closed = once(socket, "close");
    await once(socket, "connect");
    if (!isAcknowledged) socket.resume();
    for (let next = waiting.next(); !next.done; next = waiting.next()) {
      const answered = isAcknowledged ? once(socket, "data") : null;
      const isTaken = socket.write(next.value);
      if (answered) await Promise.race([answered, closed.then(() => Promise.reject(new Error("the listener closed")))]);
      else if (!isTaken) await once(socket, "drain");
    }
    socket.end();
    await closed;
  };
  await Promise.all(Array.from({ length: connections }, sendAll));
}
