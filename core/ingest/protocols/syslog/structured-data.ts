import type { StructuredData } from "./syslog-message";

const ELEMENT = /\[([^\s=\]"]{1,256})/y;
/** Within quotes a backslash stands before what would end the value; before anything else it is itself (RFC 5424, 6.3.3). */
const PARAMETER = /\s+([^\s=\]"]{1,256})="((?:[^"\\\]]|\\[\s\S])*)"/y;
const ESCAPED = /\\(["\\\]])/g;

/**
 * Structured data from `from` on (RFC 5424, 6.3): elements with nothing between them.
 * @returns null when none stands there, or what stands there is broken; `end` is where the rest begins
 */
export function readStructuredData(text: string, from: number): { elements: StructuredData[]; end: number } | null {
  const elements: StructuredData[] = [];
  let at = from;
  while (text[at] === "[") {
    const id = match(ELEMENT, text, at);
    if (!id) return null;
    at += id[0].length;
    const parameters: [string, string][] = [];
    for (let found = match(PARAMETER, text, at); found; found = match(PARAMETER, text, at)) {
      parameters.push([found[1] ?? "", (found[2] ?? "").replace(ESCAPED, "$1")]);
      at += found[0].length;
    }
    while (text[at] === " ") at++;
    if (text[at] !== "]") return null;
    at++;
    elements.push({ id: id[1] ?? "", parameters });
  }
  return elements.length === 0 ? null : { elements, end: at };
}

function match(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}
