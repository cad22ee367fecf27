import dgram from "node:dgram";
import net from "node:net";

/** Sends datagrams to this machine. */
export async function datagrams(port: number, messages: readonly (string | Uint8Array)[]): Promise<void> {
  const socket = dgram.createSocket("udp4");
  for (const message of messages) {
    await new Promise((resolve) => socket.send(message, port, "127.0.0.1", resolve));
  }
  socket.close();
  // A receiver in the same process has its turn.
  await new Promise(setImmediate);
}

/**
 * Sends what a connection to this machine carries, and closes it.
 * @returns what came back, when the other side has closed it too
 */
export async function stream(port: number, bytes: string | Uint8Array): Promise<Buffer> {
  const socket = net.connect(port, "127.0.0.1");
  const answers: Buffer[] = [];
  socket.on("error", () => undefined).on("data", (chunk: Buffer) => answers.push(chunk));
  socket.end(bytes);
  await new Promise((resolve) => socket.on("close", resolve));
  return Buffer.concat(answers);
}
