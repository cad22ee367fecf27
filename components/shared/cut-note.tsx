import { Text } from "@mantine/core";
import { formatCount } from "./format";

type CutNoteProps = {
  /** How many are shown. */
  shown: number;
  /** How many there are, where that is known. */
  total?: number;
  /** What is listed, in the plural. */
  of: string;
  /** How one gets to the others, behind "narrow them by"; left out: there is no way. */
  by?: string;
};

/** Says that a list ends before everything that it is of has been shown. */
export function CutNote({ shown, total, of, by }: CutNoteProps) {
  return (
    <Text size="xs" c="dimmed" role="status">
      The first {formatCount(shown)}
      {total === undefined ? "" : ` of ${formatCount(total)}`} {of}
      {by === undefined ? "" : `; narrow them by ${by}`}.
    </Text>
  );
}
