import fc from "fast-check";

/** Names that meet those of the paths in every way: other case, dots, escapes, letters that fold into others, as a part of others. */
const name = fc.constantFrom(
  "id",
  "ID",
  "user",
  "User.Id",
  "User\\u002eId",
  "user.id",
  "user_id",
  "a.user.id",
  "x",
  "\\u0069d",
  "\\u0130d",
  "\u0130d",
  "K",
  "k",
  "\u212a",
  "\\u212A",
  "x\\u002did",
  "x-id",
  "0",
  "é",
);
const number = fc.constantFrom("5", "5.0", "-3", "1e2", "1E+2", "0.5", "500", "1e400", "12345678901234567890123", "0");
const text = fc.constantFrom(
  "5",
  "500",
  "Five",
  "f\\u0069ve",
  "\\u00DC",
  "ü",
  "",
  " 5",
  "5.",
  ".5",
  "nan",
  "Infinity",
  "0x10",
  "[5]",
  '{\\"id\\":5}',
  '\\"id\\"',
  "id",
  "user.id",
  "1e3",
  "é",
);
const scalar = fc.oneof(
  number,
  text.map((value) => `"${value}"`),
  fc.constantFrom("true", "null", "false"),
);
const space = fc.constantFrom("", "", " ", "\n");
/** Texts of JSON: names may stand twice. */
export const anyJsonObject: fc.Arbitrary<string> = fc.letrec<{ value: string; object: string }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    scalar,
    tie("object"),
    fc.array(tie("value"), { maxLength: 3 }).map((values) => `[${values.join(",")}]`),
  ),
  object: fc
    .array(fc.tuple(name, tie("value"), space), { maxLength: 3 })
    .map(
      (members) => `{${members.map(([key, value, blank]) => `${blank}"${key}"${blank}:${blank}${value}`).join(",")}}`,
    ),
})).object;

/** Of attributes that may be in there. */
export const anyAttributePath: fc.Arbitrary<string> = fc.constantFrom(
  "id",
  "user.id",
  "a.user.id",
  "user_id",
  "k",
  "x-id",
  "user.0",
  "x.é",
  "a.b.c.d.e.id",
);
/** What a query asks of them. */
export const anyAttributeTest: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    ":5",
    ":500",
    ":five",
    ':"\\[5\\]"',
    ":f*e",
    ":*",
    ':""',
    ":ü",
    ":5*",
    ":true",
    ":/^f.ve|5/",
    ":/./",
    ":id",
  ),
  fc
    .tuple(fc.constantFrom(">", ">=", "<", "<="), fc.constantFrom("5", "-3", "0", "100", "1e20"))
    .map((parts) => parts.join("")),
);
