import dgram from "node:dgram";
import { lookup } from "node:dns/promises";
import { once } from "node:events";
import { listenError } from "@/bin/server/listen-error";

/**
 * A socket for datagrams.
 * @param variable that sets its port
 * @throws StartError when it can't be had
 */
export async function bindUdp(host: string, port: number, variable: string): Promise<dgram.Socket> {
  try {
    const { address, family } = await lookup(host);
    const socket = dgram.createSocket({ type: family === 6 ? "udp6" : "udp4" });
    socket.bind(port, address);
    await once(socket, "listening");
    return socket;
  } catch (error) {
    throw error instanceof Error ? listenError(error, host, port, variable) : error;
  }
}
