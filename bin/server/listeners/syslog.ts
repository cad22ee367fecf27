import { LRUCache } from "lru-cache";
import { readSyslog } from "@/core/ingest/protocols/syslog/read-syslog";
import { mayHaveKey, takeKey } from "@/core/ingest/protocols/syslog/take-key";
import { takePlainKey } from "@/core/ingest/protocols/syslog/take-plain-key";
import type { Listener, ListenerContext } from "./listener";
import type { Message, Received, Sender, Small } from "./message";
import { readTls } from "./read-tls";
import type { OpenSession } from "./session";
import { SyslogSession } from "./syslog-session";
import { TcpListener } from "./tcp-listener";
import { UdpListener } from "./udp-listener";

/** Of which it is kept how their messages are read. */
const SENDERS = 10_000;

/** How messages of one sender are read that bring no key, or none any more; and those with a key that is still in them. */
type Formats = { keyless: Small["format"]; keyed: Small["format"] };

/**
 * Syslog over UDP (RFC 5426), TCP (RFC 6587) and TLS (RFC 5425).
 * @throws StartError for a certificate that can't be read
 */
export function syslogListeners(context: ListenerContext): Listener[] {
  const { syslogPort, syslogTlsPort, syslogTimeZone: timeZone, tls } = context.config.listeners;
  const formats = new LRUCache<string, Formats>({ max: SENDERS });
  const formatsOf = ({ address }: Sender): Formats => {
    const known = formats.get(address);
    if (known) return known;
    const format = (haveKeys: boolean) => ({ protocol: "syslog_messages", address, timeZone, haveKeys }) as const;
    const made = { keyless: format(false), keyed: format(true) };
    formats.set(address, made);
    return made;
  };
  const read = (bytes: Buffer, sender: Sender): Message => {
    const { keyless, keyed } = formatsOf(sender);
    if (!mayHaveKey(bytes)) return { key: null, bytes, format: keyless };
    const plain = takePlainKey(bytes);
    if (plain) return { key: plain.key, bytes: plain.message, format: keyless };
    const { key } = takeKey(readSyslog(bytes, { nowMs: context.clock.now().getTime(), timeZone }));
    return { key, bytes, format: key === null ? keyless : keyed };
  };
  const receive = (bytes: Buffer, sender: Sender): Received => ({ bytes, sender, messages: 1, read });
  const open: OpenSession = ({ sender }) => new SyslogSession(sender, read, formatsOf(sender).keyless);
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
