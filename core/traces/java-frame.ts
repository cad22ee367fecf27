import type { ReadFrame } from "./frame";
import { JAVA_LIBRARIES } from "./java-libraries";

/** `at module/package.Class.method(Class.java:12) ~[library.jar:1.0]`, of any language of the JVM (Throwable.printStackTrace). */
const FRAME =
  /^\s*at (?:[\w.-]*(?:@[^/\s]*)?\/){0,2}([^\s(]+\.[^\s(]+)\((?:[^()]*\.(?:java|kt|kts|scala|groovy|clj|cljc)(?::\d+)?|Native Method|Unknown Source|<generated>|SourceFile(?::\d+)?)\)/;

const PREFIXES = Object.entries(JAVA_LIBRARIES);

/** Frames of Java and other languages of its machine. */
export const readJavaFrame: ReadFrame = (lines, at) => {
  const name = FRAME.exec(lines[at] ?? "")?.[1];
  if (name === undefined) return null;
  return { lines: 1, library: PREFIXES.find(([prefix]) => name.startsWith(prefix))?.[1] ?? null };
};
