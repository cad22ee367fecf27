import { Code, Table } from "@mantine/core";
import { LevelBadge } from "@/components/shared/level-badge";
import { LocalTime } from "@/components/shared/local-time";
import type { Entry } from "@/core/search/schemas";

const SHOWN_CHARACTERS = 500;

export function RecentEntries({ entries }: { entries: readonly Entry[] }) {
  return (
    <Table.ScrollContainer
      minWidth={560}
      scrollAreaProps={{ viewportProps: { tabIndex: 0, "aria-label": "Recent entries" } }}
    >
      <Table verticalSpacing={6}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Time</Table.Th>
            <Table.Th>Level</Table.Th>
            <Table.Th>Message</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {entries.map((entry) => (
            <Table.Tr key={entry.id}>
              <Table.Td>
                <LocalTime time={entry.timestamp} />
              </Table.Td>
              <Table.Td>
                <LevelBadge level={entry.level} />
              </Table.Td>
              <Table.Td style={{ overflowWrap: "anywhere" }}>
                <Code style={{ whiteSpace: "pre-wrap" }}>{entry.message.slice(0, SHOWN_CHARACTERS)}</Code>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
