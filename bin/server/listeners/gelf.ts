import { GelfChunks } from "@/core/ingest/protocols/gelf/gelf-chunks";
import { decompressGelf } from "@/core/ingest/protocols/gelf/gelf-datagram";
import { GelfFrames } from "@/core/ingest/protocols/gelf/gelf-frames";
import { takeToken } from "@/core/ingest/protocols/gelf/take-token";
import { framedSession } from "./framed-session";
import type { Listener, ListenerContext } from "./listener";
import type { Message } from "./message";
import { TcpListener } from "./tcp-listener";
import { UdpListener, type UdpProtocol } from "./udp-listener";

const FORMAT = { protocol: "gelf_messages" } as const;
const VARIABLE = "CORDWOOD_GELF_PORT";

/** The Graylog Extended Log Format over TCP and UDP. */
export function gelfListeners(context: ListenerContext): Listener[] {
  const { gelfPort } = context.config.listeners;
  if (gelfPort === null) return [];
  const open = framedSession(() => new GelfFrames(), read);
  const tcp = new TcpListener(context, { name: "gelf_tcp", port: gelfPort, variable: VARIABLE, open });
  const port = () => tcp.port;
  return [tcp, new UdpListener(context, { name: "gelf_udp", variable: VARIABLE, port, receive: receiver(context) })];
}

function receiver({ clock }: ListenerContext): UdpProtocol["receive"] {
  let chunks: GelfChunks | undefined;
  return (datagram, sender, { drops }) => {
    chunks ??= new GelfChunks((address) =>
      drops.count("incomplete", "not all chunks of a message came in time", address),
    );
    const bytes = GelfChunks.isChunk(datagram) ? chunks.add(datagram, sender.address, clock.now().getTime()) : datagram;
    return bytes && { bytes, sender, messages: 1, read: (whole) => read(decompressGelf(whole)) };
  };
}

function read(bytes: Buffer): Message {
  const { key, message } = takeToken(bytes);
  return { key, bytes: message, format: FORMAT };
}
