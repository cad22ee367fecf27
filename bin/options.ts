import { parseArgs } from "node:util";
import { reasonOf } from "@/core/errors";

type Option = {
  /** What it is for, as the help says it. */
  about: string;
} & ({ type: "string"; default?: string; value: string } | { type: "boolean"; default?: boolean });

type Options = Readonly<Record<string, Option>>;

/** What a program takes besides options, such as the files that it reads. */
type Operand = { name: string; about: string };

/** What a program prints for --help. @param command how it is called, such as `npm run demo --` */
function helpOf(command: string, about: string, options: Options, operand?: Operand): string {
  const rows = Object.entries(options).map(([name, option]): [string, string] => {
    const standard = option.type === "string" && option.default !== undefined ? ` (default ${option.default})` : "";
    return [`--${name}${option.type === "string" ? ` ${option.value}` : ""}`, `${option.about}${standard}`];
  });
  rows.push(["--help", "print this"]);
  if (operand) rows.unshift([operand.name, operand.about]);
  const width = Math.max(...rows.map(([left]) => left.length));
  const usage = `${command} [options]${operand ? ` [${operand.name} ...]` : ""}`;
  return [usage, about, "", ...rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`)].join("\n");
}

/**
 * The options that a program was started with. Ends the process for --help, and with what is wrong for an option that it
 * doesn't know, before anything is done.
 */
export function readOptions<const Given extends Options>(command: string, about: string, options: Given) {
  return endWithHelp(helpOf(command, about, options), () => parseArgs({ options }).values);
}

/** As readOptions, for a program that also takes operands: what stands besides the options. */
export function readArguments<const Given extends Options>(
  command: string,
  about: string,
  options: Given,
  operand: Operand,
) {
  return endWithHelp(helpOf(command, about, options, operand), () => {
    const { values, positionals } = parseArgs({ options, allowPositionals: true });
    return { options: values, operands: positionals };
  });
}

function endWithHelp<Read>(help: string, read: () => Read): Read {
  if (process.argv.slice(2).includes("--help")) {
    console.log(help);
    process.exit(0);
  }
  try {
    return read();
  } catch (error) {
    console.error(`${reasonOf(error)}\n\n${help}`);
    process.exit(2);
  }
}
