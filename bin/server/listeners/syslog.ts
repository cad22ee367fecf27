import { readSyslog } from "@/core/ingest/protocols/syslog/read-syslog";
import { mayHaveKey, takeKey } from "@/core/ingest/protocols/syslog/take-key";
import type { Listener, ListenerContext } from "./listener";
import type { Message, Received, Sender, Small } from "./message";
import { readTls } from "./read-tls";
import type { OpenSession } from "./session";
import { SyslogSession } from "./syslog-session";
import { TcpListener } from "./tcp-listener";
import { UdpListener } from "./udp-listener";

/**
 * Syslog over UDP (RFC 5426), TCP (RFC 6587) and TLS (RFC 5425).
 * @throws StartError for a certificate that can't be read
 */
export function syslogListeners(context: ListenerContext): Listener[] {
  const { syslogPort, syslogTlsPort, syslogTimeZone: timeZone, tls } = context.config.listeners;
  const read = (bytes: Buffer, sender: Sender): Message => {
    const times = { nowMs: context.clock.now().getTime(), timeZone };
    const key = mayHaveKey(bytes) ? takeKey(readSyslog(bytes, times)).key : null;
    return { key, bytes, format: formatOf(sender, timeZone, key !== null) };
  };
  const receive = (bytes: Buffer, sender: Sender): Received => ({ bytes, sender, messages: 1, read });
  const open: OpenSession = ({ sender }) => new SyslogSession(sender, read, formatOf(sender, timeZone, false));
  const listeners: Listener[] = [];
  if (syslogPort !== null) {
    const variable = "CORDWOOD_SYSLOG_PORT";
    const tcp = new TcpListener(context, { name: "syslog_tcp", port: syslogPort, variable, open });
    const port = () => tcp.port;
    listeners.push(tcp, new UdpListener(context, { name: "syslog_udp", variable, port, receive }));
  }
  if (syslogTlsPort !== null && tls) {
    const variable = "CORDWOOD_SYSLOG_TLS_PORT";
    listeners.push(
      new TcpListener(context, { name: "syslog_tls", port: syslogTlsPort, variable, tls: readTls(tls), open }),
    );
  }
  return listeners;
}

const formatOf = ({ address }: Sender, timeZone: string, haveKeys: boolean): Small["format"] => ({
  protocol: "syslog_messages",
  address,
  timeZone,
  haveKeys,
});
