import { readLineTime } from "./line-time";

/** What stands at the beginning of a line of plain text, as a JSON entry would name it. */
export type LinePrefix = {
  /** As readTime takes it. */
  timestamp?: string;
  level?: string;
  /** Whether the line begins as entries do: with a time, if only one of day, or with a level. */
  isStart: boolean;
};

/** Of a line what says how it begins. */
export const HEAD_CHARACTERS = 500;

/** Words for a level. Of those that levelIndex knows some are left out that begin a sentence or name a program: `http: ...`. */
const WORDS =
  "trace|trce|verbose|debug|dbug|info|information|notice|warn|warning|err|error|severe|crit|critical|alert|emerg|emergency|fatal|panic|fail|dpanic|trc|vrb|dbg|inf|wrn|ftl";
/** In capitals as a word of its own; the colon of Laravel's `production.ERROR:` may stand behind, and its dot before. */
const IN_CAPITALS = new RegExp(`^(?:[\\w-]+\\.)?(${WORDS.toUpperCase()})(?![\\w-])`);
/** In any letters between brackets, as in nginx's `[error]`, Apache's `[core:error]` and MySQL's `[Warning]`. */
const IN_BRACKETS = new RegExp(`^[[(<|]\\s*(?:\\w+:)?(${WORDS})\\s*[\\])>|]`, "i");
/** In any letters with a colon behind: `error: no such file`, .NET's `fail: Shop[0]`. */
const WITH_COLON = new RegExp(`^(${WORDS}):(?=\\s|$)`, "i");
/** What levelIndex has no letter for. */
const LETTERS: Readonly<Record<string, string>> = { C: "critical" };

/** Of syslog, which systemd also takes at the beginning of what services print (sd-daemon(3)): `<3>disk full`. */
const PRIORITY = /^<(\d{1,3})>(?:1 )?/;
/** glog's and klog's letter stands before the time, logcat's between numbers, Rails' and Tornado's before a time in brackets. */
const LETTER_BEFORE = /^(?:\[([DIWEFC]) (?=\d)|([DIWEFA]), (?=\[)|([IWEF])(?=\d{4} \d\d:))/;
const LETTER_BEHIND = /^\s+\d+\s+\d+ ([VDIWEF]) /;
/** Of a line that says what was thrown and nothing else. */
const THROWN =
  /^(?:Traceback \(most recent|Exception in thread |Unhandled |Uncaught |(?:[\w$]+[./])*[A-Z][\w$]*(?:Error|Exception)(?:: |$))/;
/** logfmt: `time=2026-11-26T15:00:00Z level=info msg="started"`. */
const LOGFMT = /^[\w.-]+=(?:"|\S)/;
const LOGFMT_LEVEL = /(?:^|\s)(?:level|lvl|severity)=("?)([\w-]+)\1(?=\s|$)/;

/** Between the time and the level stand a thread, a process, a logger, a host: so many pieces at the most. */
const MOST_PIECES = 8;
/** One of them: in brackets, a dash or the like, or a word. */
const PIECE = /^(?:\[[^\]]*\]|\([^)]*\)|[-–|:#>\]]+|[^\s|]+)[\s|]*/;
/** Of those, an ordinary word may be a host or a logger; two of them are the message. */
const ORDINARY = /^[A-Za-z]+[,.!?]?\s*$/;

/** Reads time and level where loggers put them into lines of text. The line itself stays whole. @param nowMs for times without a year */
export function readLinePrefix(line: string, nowMs: number): LinePrefix {
  const priority = PRIORITY.exec(line);
  const text = priority ? line.slice(priority[0].length) : line;
  const letters = LETTER_BEFORE.exec(text);
  const letter = letters?.[1] ?? letters?.[2] ?? letters?.[3];
  const time = readLineTime(letters ? text.slice(letters[0].length) : text, nowMs);
  const rest = time?.rest ?? text;
  const level =
    levelOfLetter(letter) ??
    (priority ? String(Number(priority[1]) & 7) : undefined) ??
    (LOGFMT.test(text) ? LOGFMT_LEVEL.exec(text)?.[2] : undefined) ??
    (time ? levelBehind(rest) : levelAt(rest));
  const isStart = time !== null || level !== undefined;
  const found = level ?? (THROWN.test(text) ? "error" : undefined);
  return {
    ...(time?.timestamp !== undefined && { timestamp: time.timestamp }),
    ...(found !== undefined && { level: found }),
    isStart,
  };
}

const levelOfLetter = (letter: string | undefined) => (letter === undefined ? undefined : (LETTERS[letter] ?? letter));

/** A level that stands right at the beginning. */
const levelAt = (text: string): string | undefined =>
  (IN_CAPITALS.exec(text) ?? IN_BRACKETS.exec(text) ?? WITH_COLON.exec(text))?.[1];

/** The first level behind a time, before the message begins. */
function levelBehind(text: string): string | undefined {
  const letter = LETTER_BEHIND.exec(text)?.[1];
  if (letter !== undefined) return letter;
  let rest = text.replace(/^[\s\]),|:-]+/, "");
  let ordinary = 0;
  for (let piece = 0; piece < MOST_PIECES && rest !== ""; piece++) {
    const level = levelAt(rest);
    if (level !== undefined) return level;
    const next = PIECE.exec(rest)?.[0] ?? rest;
    if (ORDINARY.test(next) && ++ordinary > 1) return undefined;
    rest = rest.slice(next.length).replace(/^\s+/, "");
  }
  return undefined;
}
