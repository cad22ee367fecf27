/** A port beside HTTP that a sender needs, which is closed until it is set (docs/sending.md, "Listeners"). */
export type ListenerName = "syslog" | "forward";

/** Where a configuration sends to. */
export type Target = {
  /** Scheme, host and port if it has one, without a slash at the end. */
  origin: string;
  /** Without brackets. */
  hostname: string;
  /** Also where the address leaves it out. */
  port: number;
  isSecure: boolean;
  /** For programs that take another port than the web's when none is named. */
  originWithPort: string;
  /** An API key, or what stands for one; null where none is needed. */
  key: string | null;
  /** Of lines that name none. */
  service: string;
  /** Where the listeners are, or, when they are closed, are by convention. */
  ports: Readonly<Record<ListenerName, number>>;
};

/** What stands for a key that is not made yet. */
export const KEY_PLACEHOLDER = "YOUR_KEY";

/** By convention; of syslog the one above 1023, which needs no root. */
const USUAL_PORTS: Readonly<Record<ListenerName, number>> = { syslog: 5514, forward: 24224 };

/** By which a listener is opened. */
export const LISTENER_VARIABLES: Readonly<Record<ListenerName, string>> = {
  syslog: "CORDWOOD_SYSLOG_PORT",
  forward: "CORDWOOD_FORWARD_PORT",
};

const WEB_PORTS = { secure: 443, plain: 80 };

/** @param origin of a URL */
export function targetOf(
  origin: string,
  { key, service, ports }: Pick<Target, "key" | "service"> & { ports?: Partial<Record<ListenerName, number | null>> },
): Target {
  const url = new URL(origin);
  const isSecure = url.protocol === "https:";
  const port = Number(url.port) || (isSecure ? WEB_PORTS.secure : WEB_PORTS.plain);
  return {
    origin: url.origin,
    hostname: url.hostname.replace(/^\[|\]$/g, ""),
    port,
    isSecure,
    originWithPort: `${url.protocol}//${url.hostname}:${port}`,
    key,
    service,
    ports: { syslog: ports?.syslog ?? USUAL_PORTS.syslog, forward: ports?.forward ?? USUAL_PORTS.forward },
  };
}

/** An address with user and password in it, for senders that take them so. @param path with a slash at its beginning */
export const withKey = ({ origin, key }: Target, path = ""): string =>
  `${key === null ? origin : origin.replace("://", `://cordwood:${key}@`)}${path}`;

/** Lines of a configuration; what is false or null, such as a key where none is needed, is left out. */
export const lines = (...all: readonly (string | false | null)[]): string =>
  all.filter((line) => line !== false && line !== null).join("\n");
