import { Alert, Code, List, Text } from "@mantine/core";
import { IconFileOff } from "@tabler/icons-react";
import { countOf } from "@/components/shared/format";
import { LocalTime } from "@/components/shared/local-time";
import type { Storage } from "@/core/segments/storage/schemas";

/** Names the files that are missing or damaged, and says what to do. */
export function UnreadableSegments({ problems: { missing, damaged, segments } }: Pick<Storage, "problems">) {
  const count = missing + damaged;
  if (count === 0) return null;
  const parts = [missing > 0 ? `${missing} missing` : "", damaged > 0 ? `${damaged} damaged` : ""].filter(Boolean);
  return (
    <Alert
      color="red"
      role="alert"
      icon={<IconFileOff aria-hidden />}
      title={`${countOf(count, "file")} can't be read: ${parts.join(", ")}`}
    >
      <List size="sm">
        {segments.map(({ path, from, to, entries, problem, found_at }) => (
          <List.Item key={path} style={{ overflowWrap: "anywhere" }}>
            <Code>{path}</Code> is {problem}: {countOf(entries, "entry", "entries")} from{" "}
            <LocalTime time={from} inherit /> to <LocalTime time={to} inherit />, found at{" "}
            <LocalTime time={found_at} inherit />
          </List.Item>
        ))}
        {count > segments.length && <List.Item>and {countOf(count - segments.length, "more file")}</List.Item>}
      </List>
      <Text size="sm" mt="xs">
        All others are read. Put the files back from a backup of the store, then run{" "}
        <Code>npm run segments -- verify</Code>.
      </Text>
    </Alert>
  );
}
