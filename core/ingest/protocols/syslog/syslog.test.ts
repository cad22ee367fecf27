import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { EntrySink } from "@/core/ingest/decode/decoder";
import { LIMITS } from "@/core/limits";
import { MUTATIONS, mutatedOf } from "@/core/testing/fuzz";
import { ARRIVAL, type ReadLine, readLine } from "@/core/testing/read-line";
import { EntryText } from "../entry-text";
import { PlainRfc5424 } from "./plain-rfc5424";
import { readSyslog } from "./read-syslog";
import type { SyslogTimes } from "./rfc3164-time";
import { eachFrame, type FoundFrames, SyslogFrames } from "./syslog-frames";
import { mayHaveKey, takeKey } from "./take-key";
import { takePlainKey } from "./take-plain-key";
import { writeSyslog } from "./write-syslog";

const ADDRESS = "192.0.2.7";
const TIMES: SyslogTimes = { nowMs: Date.parse(ARRIVAL), timeZone: "UTC" };

/** What becomes of a message on its way to the database. */
function entryOf(message: string | Buffer, times = TIMES): ReadLine | string {
  let found = "";
  const { message: read } = takeKey(readSyslog(Buffer.from(message), times));
  const sink = {
    entry: (source: Buffer, from: number, end: number) => {
      found = source.toString("utf8", from, end);
    },
    rejected: (reason: string) => expect.unreachable(reason),
  };
  writeSyslog(read, ADDRESS, new EntryText(), sink);
  return readLine(found);
}

function framesOf(found: FoundFrames): Buffer[] {
  const frames: Buffer[] = [];
  eachFrame(found, (frame) => frames.push(frame));
  return frames;
}

const textsInto = (texts: string[]): EntrySink => ({
  entry: (source, from, end) => texts.push(source.toString("utf8", from, end)),
  rejected: (reason) => expect.unreachable(reason),
});

const read = (message: string, times = TIMES) => readSyslog(Buffer.from(message), times);

/** 2026-11-26T15:00:00Z */
const MICROS = 1_795_705_200_000_000;

describe("RFC 5424", () => {
  test("given the RFC's example without structured data, then it is read whole", () => {
    const example =
      "<34>1 2003-10-11T22:14:15.003Z mymachine.example.com su - ID47 - \uFEFF'su root' failed for lonvick on /dev/pts/8";

    expect(read(example)).toEqual({
      priority: 34,
      level: "crit",
      timestamp: "2003-10-11T22:14:15.003Z",
      host: "mymachine.example.com",
      app: "su",
      procid: null,
      msgid: "ID47",
      structuredData: [],
      message: "'su root' failed for lonvick on /dev/pts/8",
    });
  });

  test("given the RFC's example of microseconds, then they are kept", () => {
    const example =
      "<165>1 2003-08-24T05:14:15.000003-07:00 192.0.2.1 myproc 8710 - - %% It's time to make the do-nuts.";

    expect(read(example)).toMatchObject({
      priority: 165,
      timestamp: "2003-08-24T05:14:15.000003-07:00",
      procid: "8710",
      msgid: null,
      message: "%% It's time to make the do-nuts.",
    });
  });

  test("given the RFC's examples of structured data, then each element is read with its parameters", () => {
    const header = "<165>1 2003-10-11T22:14:15.003Z mymachine.example.com evntslog - ID47 ";
    const first = '[exampleSDID@32473 iut="3" eventSource="Application" eventID="1011"]';
    const data = {
      id: "exampleSDID@32473",
      parameters: [
        ["iut", "3"],
        ["eventSource", "Application"],
        ["eventID", "1011"],
      ],
    };

    expect(read(`${header}${first} \uFEFFAn application event log entry...`)).toMatchObject({
      structuredData: [data],
      message: "An application event log entry...",
    });
    expect(read(`${header}${first}[examplePriority@32473 class="high"]`)).toMatchObject({
      structuredData: [data, { id: "examplePriority@32473", parameters: [["class", "high"]] }],
      message: "",
    });
    // By the RFC the element ends, and what follows the space is the message.
    expect(read(`${header}${first} [examplePriority@32473 class="high"]`)).toMatchObject({
      structuredData: [data],
      message: '[examplePriority@32473 class="high"]',
    });
    // Not valid: the RFC's own examples of it. The message is kept as it stands.
    expect(read(`${header}[ exampleSDID@32473 iut="3"][examplePriority@32473 class="high"]`)).toMatchObject({
      structuredData: [],
      message: '[ exampleSDID@32473 iut="3"][examplePriority@32473 class="high"]',
    });
  });

  test("given quotes, brackets and backslashes in a value, then those that are escaped are themselves", () => {
    expect(read('<14>1 - h a - - [x@1 p="a\\"b\\]c\\\\d\\e" q=""] m')).toMatchObject({
      structuredData: [
        {
          id: "x@1",
          parameters: [
            ["p", 'a"b]c\\d\\e'],
            ["q", ""],
          ],
        },
      ],
      message: "m",
    });
  });

  test("given one, then it becomes an entry with service, level, time to the microsecond and attributes", () => {
    const message =
      '<165>1 2026-11-26T15:00:00.000003Z web1 shop 8710 ID47 [origin ip="192.0.2.1" ip="192.0.2.9" software="x"][level@1 level="debug"] placed';

    expect(entryOf(message)).toMatchObject({
      micros: String(MICROS + 3),
      service: "shop",
      level: "info",
      message: "placed",
      attributes: {
        severity: "notice",
        facility: "local4",
        host: "web1",
        procid: "8710",
        msgid: "ID47",
        origin: { ip: ["192.0.2.1", "192.0.2.9"], software: "x" },
        "level@1": { level: "debug" },
      },
    });
  });

  test("given a message that is JSON, with the cookie of CEE or without, then it is opened", () => {
    for (const cookie of ["", "@cee: ", "@cee:"]) {
      const message = `<14>1 2026-11-26T15:00:00Z web1 node 1 - - ${cookie}{"level":"error","msg":"boom","service":"pay","n":1.50}`;
      expect(entryOf(message)).toMatchObject({
        service: "pay",
        level: "error",
        message: "boom",
        attributes: { n: 1.5, host: "web1", app: "node", severity: "info" },
      });
    }
  });

  test("given no structured data where it should be, then nothing of the message is lost", () => {
    expect(read("<14>1 2026-11-26T15:00:00Z web1 app 1 - started at once")).toMatchObject({
      message: "started at once",
    });
    expect(read("<14>1 2026-11-26T15:00:00Z web1 app 1 -")).toMatchObject({ app: "app", message: "" });
  });
});

describe("RFC 3164", () => {
  test.each([
    // Of the RFC, 5.4.
    [
      "<34>Oct 11 22:14:15 mymachine su: 'su root' failed",
      { timestamp: "2026-10-11T22:14:15+00:00", host: "mymachine", app: "su", message: "'su root' failed" },
    ],
    ["Use the BFG!", { priority: null, timestamp: null, host: null, app: null, message: "Use the BFG!" }],
    [
      "<13>Feb  5 17:32:18 10.0.0.99 Use the BFG!",
      { timestamp: "2026-02-05T17:32:18+00:00", host: "10.0.0.99", app: null, message: "Use the BFG!" },
    ],
    [
      "<165>Aug 24 05:34:00 CST 1987 mymachine myproc[10]: %% It's time",
      {
        timestamp: "1987-08-24T05:34:00+00:00",
        host: "mymachine",
        app: "myproc",
        procid: "10",
        message: "%% It's time",
      },
    ],
    [
      "<0>1990 Oct 22 10:52:01 TZ-6 scapegoat.dmz.example.org 10.1.2.3 sched[0]: That's All",
      { host: "TZ-6", timestamp: "1990-10-22T10:52:01+00:00" },
    ],
    // rsyslog, traditional and with its own time; logger; systemd.
    [
      "<30>Nov 26 15:00:00 web1 systemd-logind[512]: New session",
      { host: "web1", app: "systemd-logind", procid: "512", message: "New session" },
    ],
    [
      "<30>2026-11-26T15:00:00.123456+01:00 web1 postfix/smtpd[99]: connect",
      {
        timestamp: "2026-11-26T15:00:00.123456+01:00",
        host: "web1",
        app: "postfix/smtpd",
        procid: "99",
        message: "connect",
      },
    ],
    ["<4>Nov 26 15:00:00 web1 kernel: [  12.5] oom", { host: "web1", app: "kernel", message: "[  12.5] oom" }],
    // Of the C library's syslog(), without a host.
    ["<13>Nov 26 15:00:00 root[12]: no host", { host: null, app: "root", procid: "12", message: "no host" }],
    ["<13>Nov 26 15:00:00 cron: no host", { host: null, app: "cron", message: "no host" }],
    ["<13>root: neither time nor host", { timestamp: null, host: null, app: "root", message: "neither time nor host" }],
    [
      "<13>Nov 26 15:00:00 web1 last message repeated 3 times",
      { host: "web1", app: null, message: "last message repeated 3 times" },
    ],
    ["<13>Nov 26 15:00:00 fe80::1 app: by address", { host: "fe80::1", app: "app", message: "by address" }],
    // macOS.
    [
      "<13>Nov 26 15:00:00 mac com.apple.xpc.launchd[1] (com.apple.x): exited",
      { host: "mac", app: "com.apple.xpc.launchd", procid: "1", message: "(com.apple.x): exited" },
    ],
    // Cisco IOS, NX-OS and ASA; ESXi; Juniper; Fortinet.
    [
      "<189>29: *Mar  1 18:46:11.123: %SYS-5-CONFIG_I: Configured",
      {
        timestamp: "*Mar  1 18:46:11.123",
        host: null,
        app: null,
        msgid: "SYS-5-CONFIG_I",
        message: "%SYS-5-CONFIG_I: Configured",
      },
    ],
    [
      "<189>29: .Nov 26 15:00:00.123: %SYS-5-CONFIG_I: Configured",
      { timestamp: "2026-11-26T15:00:00.123+00:00", msgid: "SYS-5-CONFIG_I" },
    ],
    [
      "<187>30: core1: Nov 26 15:00:00.5 UTC: %LINK-3-UPDOWN: down",
      { timestamp: "2026-11-26T15:00:00.5Z", host: "core1", msgid: "LINK-3-UPDOWN" },
    ],
    [
      "<187>: 2026 Nov 26 15:00:00 CET: %ETH-3-DOWN: down",
      { timestamp: "2026-11-26T15:00:00+00:00", msgid: "ETH-3-DOWN" },
    ],
    [
      "<166>Nov 26 2026 15:00:00 asa1 : %ASA-6-302013: Built",
      { timestamp: "2026-11-26T15:00:00+00:00", host: "asa1", msgid: "ASA-6-302013" },
    ],
    [
      "<187>%LINK-3-UPDOWN: down",
      { timestamp: null, app: null, msgid: "LINK-3-UPDOWN", message: "%LINK-3-UPDOWN: down" },
    ],
    [
      "<166>2026-11-26T15:00:00.123Z esx1 Hostd: info hostd[1] ready",
      { timestamp: "2026-11-26T15:00:00.123Z", host: "esx1", app: "Hostd", message: "info hostd[1] ready" },
    ],
    [
      "<14>Nov 26 15:00:00 2026 fw1 mgd[9]: UI_LOGIN",
      { timestamp: "2026-11-26T15:00:00+00:00", host: "fw1", app: "mgd", message: "UI_LOGIN" },
    ],
    [
      '<189>date=2026-11-26 time=15:00:00 devname="fw"',
      { timestamp: null, app: null, message: 'date=2026-11-26 time=15:00:00 devname="fw"' },
    ],
    // Without a priority.
    [
      "Nov 26 15:00:00 web1 sshd[7]: Accepted",
      { priority: null, timestamp: "2026-11-26T15:00:00+00:00", host: "web1", app: "sshd", message: "Accepted" },
    ],
    [
      "2026-11-26 15:00:00,123 ERROR [main] boom",
      {
        priority: null,
        timestamp: "2026-11-26T15:00:00,123",
        level: "ERROR",
        host: null,
        app: null,
        message: "2026-11-26 15:00:00,123 ERROR [main] boom",
      },
    ],
    ["<192>of no priority", { priority: null, message: "<192>of no priority" }],
    ["<13>", { priority: 13, message: "" }],
    ["", { priority: null, message: "" }],
  ])("given %j, then it is read as it is meant", (message, expected) => {
    expect(read(message)).toMatchObject(expected);
  });

  test("given a time without a year around New Year, then it is the latest that is not more than a day ahead", () => {
    const times = { nowMs: Date.parse("2027-01-01T00:30:00Z"), timeZone: "UTC" };
    expect(read("<13>Dec 31 23:59:59 h a: m", times).timestamp).toBe("2026-12-31T23:59:59+00:00");
    expect(read("<13>Jan  1 00:29:59 h a: m", times).timestamp).toBe("2027-01-01T00:29:59+00:00");
    expect(read("<13>Jan  1 20:00:00 h a: m", times).timestamp).toBe("2027-01-01T20:00:00+00:00");
    expect(read("<13>Jan  3 00:00:00 h a: m", times).timestamp).toBe("2026-01-03T00:00:00+00:00");
  });

  test.each([
    ["Jul  1 12:00:00", "2026-07-01T12:00:00+02:00"],
    ["Nov 26 12:00:00", "2026-11-26T12:00:00+01:00"],
    ["Mar 29 01:59:59", "2026-03-29T01:59:59+01:00"],
    ["Mar 29 02:30:00", "2026-03-29T02:30:00+01:00"],
    ["Mar 29 03:00:00", "2026-03-29T03:00:00+02:00"],
    ["Oct 25 02:30:00", "2026-10-25T02:30:00+02:00"],
    ["Oct 25 03:00:00", "2026-10-25T03:00:00+01:00"],
  ])("given %s and a time zone set, then it is of that zone", (time, expected) => {
    expect(read(`<13>${time} h a: m`, { ...TIMES, timeZone: "Europe/Berlin" }).timestamp).toBe(expected);
  });

  test("given no host, then it is the sender's address; given no program, then the host is the service", () => {
    expect(entryOf("<13>Nov 26 15:00:00 cron[4]: hi")).toMatchObject({
      service: "cron",
      attributes: { host: ADDRESS },
    });
    expect(entryOf("<13>Nov 26 15:00:00 sw1 link down")).toMatchObject({ service: "sw1", attributes: { host: "sw1" } });
    expect(entryOf("<187>%LINK-3-UPDOWN: down")).toMatchObject({ service: ADDRESS, level: "error" });
    expect(entryOf("a line of text")).toMatchObject({
      service: "unknown",
      level: "info",
      attributes: { host: ADDRESS },
    });
  });

  test("given Latin-1, NUL and a character cut in two, then the text is kept as well as it can be", () => {
    const latin1 = Buffer.from("<13>app: caf\xe9 zu", "latin1");
    expect(entryOf(latin1)).toMatchObject({ message: "café zu" });
    expect(entryOf(Buffer.from("<13>app: café").subarray(0, -1))).toMatchObject({ message: "caf" });
    expect(entryOf("<13>app: a\0b\0\n")).toMatchObject({ message: "a\uFFFDb" });
  });
});

describe("the key that a message brings", () => {
  const key = `cw_${"k".repeat(43)}`;
  const taken = (message: string) => takeKey(read(message));

  test("given it in structured data, then it is taken out, and the rest stays", () => {
    expect(taken(`<14>1 - h a - - [cordwood@32473 token="${key}"][x@1 y="1"] m`)).toMatchObject({
      key,
      message: { structuredData: [{ id: "x@1" }], message: "m" },
    });
    expect(taken(`<14>1 - h a - - [cordwood token="any-key-of-16-and-more" env="eu"] m`)).toMatchObject({
      key: "any-key-of-16-and-more",
      message: { structuredData: [{ id: "cordwood", parameters: [["env", "eu"]] }] },
    });
  });

  test("given it before the tag or before the message, then it is taken out", () => {
    expect(taken(`<13>Nov 26 15:00:00 h ${key}.web[9]: m`)).toMatchObject({
      key,
      message: { app: "web", procid: "9" },
    });
    expect(taken(`<13>Nov 26 15:00:00 h ${key}: m`)).toMatchObject({ key, message: { app: null } });
    expect(taken(`<13>1 - h ${key}.web 9 ${key}.web - m`)).toMatchObject({
      key,
      message: { app: "web", msgid: "web" },
    });
    expect(taken(`<13>Nov 26 15:00:00 h web: [cordwood@32473 token="${key}"] m`)).toMatchObject({
      key,
      message: { app: "web", message: "m" },
    });
  });

  test("given none, then nothing is taken for one", () => {
    expect(taken("<13>Nov 26 15:00:00 h cw_short.web: m")).toMatchObject({
      key: null,
      message: { app: "cw_short.web" },
    });
    expect(taken(`<13>Nov 26 15:00:00 h ${key}x.web: m`)).toMatchObject({ key: null });
  });

  test("given it in the first element of structured data, then taken from the bytes it is what is taken from the text", () => {
    const element = (name: string, value: string) => `[${name}="${value}"]`;
    const part = fc.oneof(
      fc.constantFrom(
        `[cordwood@32473 token="${key}"]`,
        '[cordwood token="own"]',
        "[cordwood]",
        "-",
        "",
        " ",
        "[broken",
      ),
      fc.constantFrom(
        '[x@1 a="b"]',
        '[cordwood@1 a="b" token="c"]',
        '[cordwood@1 token="a\\"b"]',
        ` ${key}`,
        " m",
        "\n",
      ),
      fc.tuple(fc.string({ maxLength: 3 }), fc.string({ maxLength: 5 })).map(([name, value]) => element(name, value)),
      fc.string({ maxLength: 5 }),
    );
    const header = fc.constantFrom(
      "<13>1 2026-11-26T15:00:00Z h app 7 id ",
      "<13>1 - h app - - ",
      "<13>1 - h cordwood - - ",
      "<13>1 no-time h app - - ",
      "<199>1 - h app - - ",
    );
    let found = 0;
    fc.assert(
      fc.property(header, fc.boolean(), fc.array(part, { maxLength: 5 }), (before, isFirst, parts) => {
        const first = isFirst ? `[cordwood@32473 token="${key}"]` : "";
        const bytes = Buffer.from(before + first + parts.join(""));
        const plain = takePlainKey(bytes);
        if (!plain) return;
        found++;
        const { key: expected, message } = takeKey(readSyslog(bytes, TIMES));
        expect({ key: plain.key, message: readSyslog(plain.message, TIMES) }).toEqual({ key: expected, message });
      }),
      { numRuns: 5_000 },
    );
    expect(found).toBeGreaterThan(500);
    expect(takePlainKey(Buffer.from(`<13>1 - h app - - [cordwood@32473 token="${key}"][x@1 a="b"] m`))).toEqual({
      key,
      message: Buffer.from('<13>1 - h app - - [x@1 a="b"] m'),
    });
  });
});

describe("frames", () => {
  const split = (pieces: readonly (string | Buffer)[]) => {
    const frames = new SyslogFrames();
    const found = [...pieces.map((piece) => frames.push(Buffer.from(piece))), frames.finish()];
    return found.flatMap(framesOf).map((frame) => frame.toString("latin1"));
  };

  test("given counted messages and lines on one connection, then each is found", () => {
    expect(split(["<13>one\n10 <14>two\n\n\n<15>three\r\n11 <1", "6>four\n5\0<17>fi", "ve"])).toEqual([
      "<13>one",
      "<14>two\n\n\n",
      "<15>three\r",
      "<16>four\n5\0",
      "<17>five",
    ]);
  });

  test("given lines that begin with a number, then they are lines", () => {
    expect(split(["2026-11-26 15:00:00 a\n12 apples\n7\n"])).toEqual(["2026-11-26 15:00:00 a", "12 apples", "7"]);
  });

  test("given a message that is too long, then its beginning is kept, and the next one is found", () => {
    const long = "x".repeat(LIMITS.syslogMessageBytes + 10);
    const counted = split([`${long.length + 4} <13>${long}`, "9 <14>next1"]);
    expect(counted.map((frame) => frame.length)).toEqual([LIMITS.syslogMessageBytes, 9]);
    expect(split([long, long, "\n<14>next\n"]).map((frame) => frame.length)).toEqual([LIMITS.syslogMessageBytes, 8]);
  });

  test("given the bytes in any pieces, then the frames are the same", () => {
    const frame = fc.oneof(
      fc.string().map((text) => `<13>${text.replace(/[\n\0]/g, "")}\n`),
      fc.string().map((text) => `<13>${text.replace(/[\n\0]/g, "")}\0`),
      fc.string().map((text) => `${Buffer.byteLength(text) + 4} <13>${text}`),
    );
    fc.assert(
      fc.property(fc.array(frame), fc.array(fc.nat()), (sent, cuts) => {
        const bytes = Buffer.from(sent.join(""));
        const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
        const pieces = places.slice(1).map((end, index) => bytes.subarray(places[index], end));
        expect(split(pieces)).toEqual(split([bytes]));
        expect(split([bytes])).toHaveLength(sent.length);
      }),
    );
  });
});

describe("any bytes", () => {
  const good = [
    '165>1 2026-11-26T15:00:00.000003Z web1 shop 8710 ID47 [origin ip="192.0.2.1"][x@1 a="b\\"c"] {"level":"warn","msg":"m"}',
    "30>Nov 26 15:00:00.5 web1 systemd-logind[512]: New session",
    "189>29: core1: *Mar  1 18:46:11.123 CET: %SYS-5-CONFIG_I: Configured",
  ].map((text) => Buffer.from(`<${text}`));

  test("given as a message, then they are an entry, or one that is rejected for its time alone", () => {
    fc.assert(
      fc.property(fc.oneof(...good.map(mutatedOf)), (bytes) => {
        const entry = entryOf(bytes);
        if (typeof entry === "string") expect(entry).toMatch(/^(timestamp is|service must|attributes must)/);
      }),
      { numRuns: MUTATIONS },
    );
  });

  test("given as a message, then what is read from its bytes is what is read from its text", () => {
    const usual = Buffer.from(
      '<134>1 2026-11-26T15:00:00.123Z web1 shop 42 - [line@1 status="200" method="GET"][b c="d"] GET /cart für 3\n',
    );
    const plain = new PlainRfc5424();
    let written = 0;
    fc.assert(
      fc.property(fc.oneof(fc.constant(usual), mutatedOf(usual), ...good.map(mutatedOf)), (bytes) => {
        if (mayHaveKey(bytes)) return;
        const fromBytes: string[] = [];
        const fromText: string[] = [];
        if (!plain.write(bytes, ADDRESS, new EntryText(), textsInto(fromBytes))) return;
        written++;
        writeSyslog(readSyslog(bytes, TIMES), ADDRESS, new EntryText(), textsInto(fromText));
        expect(fromBytes).toEqual(fromText);
      }),
      { numRuns: MUTATIONS },
    );
    expect(written).toBeGreaterThan(MUTATIONS / 10);
  });

  test("given on a connection, then no more of them is held than a message may have", () => {
    const stream = Buffer.concat(good.map((message) => Buffer.concat([Buffer.from(`${message.length} `), message])));
    fc.assert(
      fc.property(mutatedOf(stream), (bytes) => {
        const frames = new SyslogFrames();
        const pushed = [bytes.subarray(0, 100), bytes.subarray(100)].map((piece) => frames.push(piece));
        const found = [...pushed, frames.finish()].flatMap(framesOf);
        expect(found.reduce((sum, frame) => sum + frame.length, 0)).toBeLessThanOrEqual(bytes.length);
      }),
      { numRuns: MUTATIONS },
    );
  });
});
