import { Anchor, Group, Stack, Text } from "@mantine/core";
import Link from "next/link";
import { LevelBadge } from "@/components/shared/level-badge";
import { LocalTime } from "@/components/shared/local-time";
import { plainText } from "@/components/shared/plain-text";
import type { ListedEntry } from "@/core/search/schemas";
import classes from "./dashboards.module.css";

type LinesListProps = {
  entries: readonly ListedEntry[];
  /** Not all of the time was looked through. */
  isCut: boolean;
  /** Of the page that shows an entry. */
  pathOf(id: string): string;
};

/** Lines of a panel, newest first, each a link to itself. */
export function LinesList({ entries, isCut, pathOf }: LinesListProps) {
  return (
    <Stack gap={0}>
      {entries.length === 0 && <Text c="dimmed">No line in this time.</Text>}
      {entries.map(({ id, timestamp, service, level, message, cut }) => (
        <Group key={id} className={classes.line} gap={8} wrap="nowrap" align="start">
          <LocalTime time={timestamp} size="xs" />
          <LevelBadge level={level} />
          <Text size="xs" c="dimmed" style={{ whiteSpace: "nowrap" }} maw={140} truncate>
            {plainText(service)}
          </Text>
          <Anchor component={Link} href={pathOf(id)} size="xs" ff="monospace" c="inherit" className={classes.lineText}>
            {plainText(message)}
            {cut !== undefined && "…"}
          </Anchor>
        </Group>
      ))}
      {isCut && (
        <Text size="xs" c="dimmed">
          Not all of the time could be looked through.
        </Text>
      )}
    </Stack>
  );
}
