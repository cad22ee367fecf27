import { ForwardChunks } from "./forward-chunks";
import { ForwardHeartbeat } from "./forward-heartbeat";
import { ForwardSession } from "./forward-session";
import type { Listener, ListenerContext } from "./listener";
import type { OpenSession } from "./session";
import { TcpListener } from "./tcp-listener";

/** Fluentd's forward protocol over TCP, with its heartbeat over UDP. */
export function forwardListeners(context: ListenerContext): Listener[] {
  const { forwardPort, forwardSharedKey } = context.config.listeners;
  if (forwardPort === null) return [];
  const variable = "CORDWOOD_FORWARD_PORT";
  const chunks = new ForwardChunks();
  const open: OpenSession = (peer, delivery) => new ForwardSession(peer, delivery, chunks, forwardSharedKey);
  const tcp = new TcpListener(context, { name: "forward", port: forwardPort, variable, open });
  return [tcp, new ForwardHeartbeat(context, variable, () => tcp.port)];
}
