import { Alert, Anchor, List, Text } from "@mantine/core";
import { IconFileOff } from "@tabler/icons-react";
import Link from "next/link";
import { Only } from "@/components/access/only";
import type { Completeness, MissingSegment } from "@/core/segments/schemas";
import { countOf } from "./format";
import { LocalTime } from "./local-time";

const LISTED = 3;

const REASONS: Readonly<Record<MissingSegment["reason"], string>> = {
  missing: "the file is not in the store",
  damaged: "the file is damaged",
  away: "the store can't be reached",
};

/** Says which entries what is shown may miss, because files of the store could not be read. */
export function MissingNotice({ answers }: { answers: readonly (Completeness | undefined)[] }) {
  const known = new Map<string, MissingSegment>();
  let count = 0;
  for (const answer of answers) {
    for (const segment of answer?.missing_segments ?? []) known.set(segment.path, segment);
    count = Math.max(count, answer?.missing_count ?? 0);
  }
  count = Math.max(count, known.size);
  if (count === 0) return null;
  const listed = [...known.values()].slice(0, LISTED);
  return (
    <Alert color="orange" icon={<IconFileOff aria-hidden />} title="Some entries could not be read" role="status">
      <Text size="sm">
        {countOf(count, "segment")} could not be read: what is shown is what is found without{" "}
        {count === 1 ? "it" : "them"}.
      </Text>
      <List size="sm">
        {listed.map(({ path, from, to, entries, reason }) => (
          <List.Item key={path}>
            {countOf(entries, "entry", "entries")} from <LocalTime time={from} /> to <LocalTime time={to} />:{" "}
            {REASONS[reason]}
          </List.Item>
        ))}
        {count > listed.length && <List.Item>and {countOf(count - listed.length, "more segment")}</List.Item>}
      </List>
      <Only need="administer">
        <Text size="sm" mt="xs">
          <Anchor component={Link} href="/settings/storage" inherit underline="always">
            See what is stored
          </Anchor>
        </Text>
      </Only>
    </Alert>
  );
}
