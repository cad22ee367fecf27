import { parseArgs } from "node:util";
import { reasonOf } from "@/core/errors";

type Option = {
  /** What it is for, as the help says it. */
  about: string;
} & ({ type: "string"; default?: string; value: string } | { type: "boolean"; default?: boolean });

type Options = Readonly<Record<string, Option>>;

/** What a program prints for --help. @param command how it is called, such as `npm run demo --` */
export function helpOf(command: string, about: string, options: Options): string {
  const rows = Object.entries(options).map(([name, option]): [string, string] => {
    const standard = option.type === "string" && option.default !== undefined ? ` (default ${option.default})` : "";
    return [`--${name}${option.type === "string" ? ` ${option.value}` : ""}`, `${option.about}${standard}`];
  });
  rows.push(["--help", "print this"]);
  const width = Math.max(...rows.map(([left]) => left.length));
  return [`${command} [options]`, about, "", ...rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`)].join(
    "\n",
  );
}

/**
 * The options that a program was started with. Ends the process for --help, and with what is wrong for an option that it
 * doesn't know, before anything is done.
 */
export function readOptions<const Given extends Options>(command: string, about: string, options: Given) {
  const help = helpOf(command, about, options);
  if (process.argv.slice(2).includes("--help")) {
    console.log(help);
    process.exit(0);
  }
  try {
    return parseArgs({ options }).values;
  } catch (error) {
    console.error(`${reasonOf(error)}\n\n${help}`);
    process.exit(2);
  }
}
