import { Anchor, Badge, Group, Stack, Text } from "@mantine/core";
import Link from "next/link";
import { plainText } from "@/components/shared/plain-text";
import { isOtherPattern } from "@/core/patterns/pattern-id";
import { Message } from "./message";
import { patternPath } from "./pattern-path";
import { useRange } from "./range-switch";

type PatternMessageProps = { pattern: string; template: string; message: string; isNew?: boolean };

/** The pattern with its values named, one real message below, and the way to all about it. */
export function PatternMessage({ pattern, template, message, isNew = false }: PatternMessageProps) {
  const [range] = useRange();
  if (isOtherPattern(pattern)) return <Message text={message} />;
  return (
    <Stack gap={2}>
      <Group gap="xs" align="start" wrap="nowrap">
        {isNew && (
          <Badge size="sm" color="violet" mt={3} style={{ flexShrink: 0 }}>
            new
          </Badge>
        )}
        <Anchor component={Link} href={patternPath(pattern, range)} c="inherit">
          <Message text={template} />
        </Anchor>
      </Group>
      {template !== message && (
        <Text size="xs" c="dimmed" lineClamp={1} style={{ overflowWrap: "anywhere" }}>
          {plainText(message)}
        </Text>
      )}
    </Stack>
  );
}
