/** Classes of bytes in messages. Only ASCII is told apart: no locale and no Unicode tables, so that a pattern never changes. */
export const CLASS = { delimiter: 0, space: 1, lower: 2, upper: 3, digit: 4, mark: 5, other: 6 } as const;

/** By byte; the marks are what words hold beside letters and digits. Bytes above ASCII count as letters. */
export const CLASS_OF = Uint8Array.from({ length: 256 }, (_, byte) => {
  const character = String.fromCharCode(byte);
  if (byte >= 0x80) return CLASS.other;
  if (/[a-z]/.test(character)) return CLASS.lower;
  if (/[A-Z]/.test(character)) return CLASS.upper;
  if (/[0-9]/.test(character)) return CLASS.digit;
  if (/[_\-./\\@$%+*~&#?!]/.test(character)) return CLASS.mark;
  return byte <= 0x20 || byte === 0x7f ? CLASS.space : CLASS.delimiter;
});

/** FNV-1a, 32 bits (Fowler, Noll, Vo). */
export function hashBytes(source: Uint8Array, from: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let at = from; at < end; at++) hash = Math.imul(hash ^ (source[at] as number), 0x01000193);
  return hash;
}

const hashOf = (word: string) => hashBytes(Buffer.from(word), 0, word.length);

/** What words mean beside a value, by their hash; a word may mean one thing only. Up to `name`, a name may also be such a word. */
export const MEANING = {
  unit: 1,
  calendar: 2,
  name: 3,
  code: 4,
  direction: 5,
  for: 6,
  filler: 7,
  constant: 8,
} as const;

const WORDS: Readonly<Record<keyof typeof MEANING, string>> = {
  // A number's unit is a part of it.
  unit: "ns us ms s sec secs second seconds min mins minute minutes h hr hrs hour hours day days week weeks b byte bytes k kb kib m mb mib g gb gib tb tib hz khz mhz ghz percent bit bits B K KB KiB M MB MiB G GB GiB TB TiB Hz MHz GHz",
  calendar:
    "Mon Tue Wed Thu Fri Sat Sun Monday Tuesday Wednesday Thursday Friday Saturday Sunday Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec January February March April June July August September October November December UTC GMT CET CEST EST EDT PST PDT MST CST AM PM",
  // What follows is somebody's name.
  name: "user username host hostname node User Username Host Hostname Node",
  // What follows is a code that people look for, so it is kept apart.
  code: "status code errno sqlstate signal http Status Code Errno SQLSTATE Signal HTTP statusCode status_code exit_code",
  direction: "from by on at to via",
  for: "for",
  // Words of the language, which are nobody's name.
  filler:
    "a an and are as be been by can cannot could did does failed for from had has have id in is it name not of on or should that the their this to was were will with without",
  constant: "true false null nil none None yes no True False NULL",
};

/** The words behind which a code stands, as bytes. */
export const CODE_WORDS: readonly Uint8Array[] = WORDS.code.split(" ").map((word) => Buffer.from(word));

/** @returns the meaning of the words; a later group wins where a word is in several, save that directions stay directions */
export const MEANING_OF: ReadonlyMap<number, number> = new Map(
  (["filler", "constant", "calendar", "unit", "name", "code", "direction", "for"] as const).flatMap((name) =>
    WORDS[name].split(" ").map((word) => [hashOf(word), MEANING[name]] as const),
  ),
);

/** Last parts of names in the Internet's and in private networks. */
export const DOMAINS: ReadonlySet<number> = new Set(
  "com net org edu gov mil biz io dev app cloud ai co tv local localdomain internal lan corp home arpa de uk fr es nl ch se fi dk pl cz ru ua tr il cn jp kr tw hk sg vn au nz ca us mx br ar cl za eu"
    .split(" ")
    .map(hashOf),
);
