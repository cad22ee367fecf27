import { Anchor, Code, Table, Text } from "@mantine/core";
import Link from "next/link";
import type { TopErrorMessage } from "@/core/stats/schemas";
import { formatCount } from "./format";
import { LevelBadge } from "./level-badge";
import { LocalTime } from "./local-time";
import { servicePath } from "./service-path";

export function TopErrors({
  errors,
  withService = true,
}: {
  errors: readonly TopErrorMessage[];
  withService?: boolean;
}) {
  if (errors.length === 0) return <Text c="dimmed">No errors in this time range.</Text>;
  return (
    <Table.ScrollContainer
      minWidth={640}
      scrollAreaProps={{ viewportProps: { tabIndex: 0, "aria-label": "Top errors" } }}
    >
      <Table verticalSpacing="xs">
        <Table.Thead>
          <Table.Tr>
            <Table.Th ta="right">Count</Table.Th>
            <Table.Th>Message</Table.Th>
            {withService && <Table.Th>Service</Table.Th>}
            <Table.Th>Level</Table.Th>
            <Table.Th>Last seen</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {errors.map((error) => (
            <Table.Tr key={`${error.service}\n${error.level}\n${error.message}`}>
              <Table.Td ta="right" fw={600}>
                {formatCount(error.count)}
              </Table.Td>
              <Table.Td style={{ overflowWrap: "anywhere" }}>
                <Code style={{ whiteSpace: "pre-wrap" }}>{error.message.slice(0, 300)}</Code>
              </Table.Td>
              {withService && (
                <Table.Td>
                  <Anchor component={Link} href={servicePath(error.service)} size="sm">
                    {error.service}
                  </Anchor>
                </Table.Td>
              )}
              <Table.Td>
                <LevelBadge level={error.level} />
              </Table.Td>
              <Table.Td>
                <LocalTime time={error.last_seen} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
