/** So many frames tell where something happened. */
const MOST_FRAMES = 3;
/** Further lines are not looked at. */
const MOST_LINES = 60;

/** A line of a stack trace: where a function's name stands in it, and what shows that the function is a library's. */
type FrameFormat = { line: RegExp; library: RegExp };

const FORMATS: readonly FrameFormat[] = [
  // Java, Kotlin, Scala, JavaScript, .NET.
  {
    line: /^\s+at (?:async )?([^\s(]+)/,
    library:
      /^\s+at (?:async )?(?:java|javax|jdk|sun|com\.sun|kotlin|scala|akka|System|Microsoft|org\.(?:springframework|apache|hibernate|eclipse|junit)|io\.(?:netty|vertx|reactivex)|reactor)\.|node_modules|\(?(?:node:|internal\/)/,
  },
  // Python.
  {
    line: /^\s+File "(?:[^"]*[/\\])?([^"/\\]+)", line \d+(?:, in (\S+))?/,
    library: /site-packages|dist-packages|[/\\]lib[/\\]python/,
  },
  // Ruby.
  { line: /^\s*from (?:.*\/)?([^/:]+):\d+:in [`']([^']+)'/, library: /\/gems\// },
  // Go: the file stands in the line below.
  { line: /^([\w./*()-]+\.[\w.*()-]+)\(.*\)$/, library: /^(?:runtime|testing|syscall|reflect|sync|net\/http)\./ },
];

/** Where a stack trace says that something happened: functions without numbers, the innermost first; empty without one. */
export function stackFrames(lines: readonly string[]): string[] {
  const frames: { name: string; isLibrary: boolean }[] = [];
  for (const line of lines.slice(0, MOST_LINES)) {
    for (const { line: format, library } of FORMATS) {
      const [, name, inner] = format.exec(line) ?? [];
      if (name === undefined) continue;
      const full = inner === undefined ? name : `${name} ${inner}`;
      frames.push({ name: full.replaceAll(/\d+/g, "0"), isLibrary: library.test(line) });
      break;
    }
  }
  const own = frames.filter(({ isLibrary }) => !isLibrary);
  return (own.length > 0 ? own : frames).slice(0, MOST_FRAMES).map(({ name }) => name);
}

const TRACEBACK = /^Traceback \(most recent call last\)/;

/**
 * The line that says what happened, and the lines of its trace, innermost first. Python tells both the other way round.
 * @param text of more than one line
 */
export function headOf(text: string): { head: string; trace: string[] } {
  const [first = "", ...rest] = text.split(/\r\n|\n|\r/);
  if (!TRACEBACK.test(first)) return { head: first, trace: rest };
  const at = rest.findLastIndex((line) => /^\S/.test(line));
  const head = at < 0 ? first : (rest[at] ?? first);
  return { head, trace: rest.slice(0, at < 0 ? rest.length : at).reverse() };
}
