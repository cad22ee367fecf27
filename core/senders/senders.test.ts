import { expect, test } from "vitest";
import { findSenders, SENDERS } from "./senders";
import { targetOf } from "./target";

const KEY = "cw_0123456789abcdef";
const at = (origin: string, key: string | null) => targetOf(origin, { key, service: "pay" });
const textOf = (id: string, origin: string, key: string | null) =>
  SENDERS.find((sender) => sender.id === id)
    ?.configure(at(origin, key))
    .map(({ text }) => text)
    .join("\n") ?? "";

test("given the senders, then there are many, and each has an address of its own on the page", () => {
  expect(SENDERS.length).toBeGreaterThan(30);
  expect(new Set(SENDERS.map(({ id }) => id)).size).toBe(SENDERS.length);
  for (const { id } of SENDERS) expect(id).toMatch(/^[a-z][a-z0-9-]*$/);
});

test.each(SENDERS)(
  "given $name, then its configuration has the server's address, over TLS or not",
  ({ id, listener }) => {
    const plain = textOf(id, "http://logs.example.com:3000", null);
    const secure = textOf(id, "https://logs.example.com", null);
    if (listener) {
      const { ports } = targetOf("http://a", { key: null, service: "a" });
      expect(plain).toContain("logs.example.com");
      expect(plain).toContain(String(ports[listener]));
      return;
    }
    expect(plain).toMatch(/http:\/\/logs\.example\.com:3000|logs\.example\.com[\s\S]*3000/);
    expect(secure).toMatch(/https:\/\/logs\.example\.com(?!:(?!443))|logs\.example\.com[\s\S]*443/);
  },
);

/** They have no place for a key: who sends is known otherwise. */
const WITHOUT_KEY = ["nginx", "fluentd"];

test.each(SENDERS)(
  "given $name, then a key stands in its configuration where there is one, and nothing in its place else",
  ({ id }) => {
    const [open, keyed] = [textOf(id, "http://127.0.0.1:3000", null), textOf(id, "http://127.0.0.1:3000", KEY)];
    expect(keyed.includes(KEY)).toBe(!WITHOUT_KEY.includes(id));
    expect(open).not.toBe(keyed);
    expect(open).not.toMatch(/null|undefined|YOUR_KEY|Bearer/);
    expect(keyed).not.toMatch(/null|undefined|YOUR_KEY/);
  },
);

test.each(SENDERS.filter(({ saysService }) => saysService))(
  "given $name, then its configuration says the service",
  ({ id }) => {
    expect(textOf(id, "http://127.0.0.1:3000", null)).toContain("pay");
  },
);

test("given systemd's journal over TLS, then it looks for no certificate of its own, and trusts the system's authorities", () => {
  expect(textOf("systemd", "https://logs.example.com", KEY).split("\n")).toEqual(
    expect.arrayContaining([
      `URL=https://cordwood:${KEY}@logs.example.com:443`,
      "ServerKeyFile=-",
      "ServerCertificateFile=-",
      "TrustedCertificateFile=/etc/ssl/certs/ca-certificates.crt",
    ]),
  );
  expect(textOf("systemd", "http://logs.example.com:3000", KEY)).not.toContain("File=");
});

test.each([null, KEY])(
  "given rsyslog and the key %s, then a message stands behind a space whether it begins with one or not",
  (key) => {
    expect(textOf("rsyslog", "http://127.0.0.1:3000", key)).toMatch(/(?: -|\])%msg:::sp-if-no-1st-sp%%msg%\\n"/);
  },
);

test("given an address of IPv6, then its brackets are where they belong", () => {
  expect(targetOf("http://[::1]:3000", { key: null, service: "a" })).toMatchObject({
    hostname: "::1",
    port: 3000,
    originWithPort: "http://[::1]:3000",
  });
});

test("given words, then those senders are found that have all of them, the name first", () => {
  const idsOf = (search: string) => findSenders(search).map(({ id }) => id);
  expect(idsOf("")).toHaveLength(SENDERS.length);
  expect(idsOf("fluent")[0]).toBe("fluent-bit");
  expect(idsOf("Spring").sort()).toEqual(["java", "java-logback"]);
  expect(idsOf("k8s")).toEqual(["kubernetes"]);
  expect(idsOf("node loki")).toEqual(["node-pino"]);
  expect(idsOf("cobol")).toEqual([]);
});
