"use client";

import { Accordion, Group, Text, UnstyledButton, VisuallyHidden } from "@mantine/core";
import { formatCount } from "@/components/shared/format";
import { plainText } from "@/components/shared/plain-text";
import { conditionOf } from "@/core/search/query/quote-value";
import type { Facets } from "@/core/search/schemas";

const OPEN_AT_FIRST = ["service", "level"];

/** What the entries found have in common; a click asks for it. */
export function FacetList({ data, addCondition }: { data: Facets; addCondition(condition: string): void }) {
  if (data.fields.length === 0) return null;
  return (
    <section aria-label="Values">
      <Text size="xs" c="dimmed" mb={4}>
        {data.is_all ? "Among what was found" : `Among the newest ${formatCount(data.sampled)}`}
      </Text>
      <Accordion
        multiple
        defaultValue={OPEN_AT_FIRST}
        chevronPosition="left"
        styles={{ content: { padding: "0 0 8px" }, label: { padding: "6px 0" } }}
      >
        {data.fields.map(({ name, values }) => (
          <Accordion.Item key={name} value={name}>
            <Accordion.Control>
              <Text size="sm" style={{ overflowWrap: "anywhere" }}>
                {plainText(name)}
              </Text>
            </Accordion.Control>
            <Accordion.Panel>
              {values.map(({ value, count }) => (
                <UnstyledButton key={value} w="100%" py={2} onClick={() => addCondition(conditionOf(name, value))}>
                  <Group justify="space-between" wrap="nowrap" gap="xs">
                    <Text size="sm" truncate>
                      <VisuallyHidden>Only {name} </VisuallyHidden>
                      {value === "" ? "(empty)" : plainText(value)}
                    </Text>
                    <Text size="xs" c="dimmed">
                      {formatCount(count)}
                      <VisuallyHidden> found</VisuallyHidden>
                    </Text>
                  </Group>
                </UnstyledButton>
              ))}
            </Accordion.Panel>
          </Accordion.Item>
        ))}
      </Accordion>
    </section>
  );
}
