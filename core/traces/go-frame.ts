import type { ReadFrame } from "./frame";

/** The second line of a frame: where it is. The first has the function, with or without arguments. */
const PLACE = /^\t(.+\.(?:go|s)):\d+(?: \+0x[\da-f]+)?$/;
/** Up to the name of the function; a package's last part may be a major version or have dots as %2e. */
const PACKAGE = /^(?:created by )?((?:[^\s(]*\/)?[^\s./(]+)\./;
const MODULE = /[/\\]pkg[/\\]mod[/\\]([^@]+)@v|^([^@/][^@]*)@v\d|[/\\]vendor[/\\]((?:[^/\\]+[/\\]){1,2}[^/\\]+)[/\\]/;
/** Of a module's path, the host. */
const HOST = /^[^/]*\.[^/]*\//;

/** What comes with Go: the first parts of its packages. */
const STANDARD = new Set(
  (
    "archive bufio builtin bytes cmp compress container context crypto database debug embed encoding errors expvar flag fmt go hash " +
    "html image index internal io iter log maps math mime net os path plugin reflect regexp runtime slices sort strconv strings " +
    "structs sync syscall testing text time unicode unique unsafe vendor weak"
  ).split(" "),
);

/** Frames of Go. A frame has two lines: the function, and where it is. */
export const readGoFrame: ReadFrame = (lines, at) => {
  const called = lines[at] ?? "";
  const place = PLACE.exec(lines[at + 1] ?? "")?.[1];
  if (place === undefined || !/^\S/.test(called)) return null;
  return { lines: 2, library: isStandard(called) ? "Go" : moduleOf(place) };
};

function isStandard(called: string): boolean {
  if (/^panic\(/.test(called)) return true;
  const name = PACKAGE.exec(called)?.[1] ?? "";
  return STANDARD.has(name.split("/", 1)[0] ?? "");
}

function moduleOf(place: string): string | null {
  const [, cached, trimmed, vendored] = MODULE.exec(place) ?? [];
  const name = cached ?? trimmed ?? vendored;
  // The module cache writes a capital letter as an exclamation mark with a small one.
  return name?.replace(HOST, "").replaceAll(/!([a-z])/g, (_, letter: string) => letter.toUpperCase()) ?? null;
}
