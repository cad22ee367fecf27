"use client";

import { Accordion, Group, Stack, Text, VisuallyHidden } from "@mantine/core";
import { useState } from "react";
import type { Asked } from "@/components/api/use-logs";
import { countOf, formatCount } from "@/components/shared/format";
import { plainText } from "@/components/shared/plain-text";
import type { Facet, Facets } from "@/core/search/schemas";
import { FacetNumbers } from "./facet-numbers";
import { FacetSearch } from "./facet-search";
import { FacetValues } from "./facet-values";

const OPEN_AT_FIRST = ["service", "level"];

type FacetListProps = {
  data: Facets;
  /** They are of the search before, while those of this one are counted. */
  isOld: boolean;
  /** The search that they are of. */
  asked: Asked;
  addCondition(condition: string): void;
};

/** What the entries found have in common; a click asks for it. */
export function FacetList({ data, isOld, asked, addCondition }: FacetListProps) {
  const [open, setOpen] = useState<string[]>(OPEN_AT_FIRST);
  if (data.fields.length === 0) return null;
  return (
    <section aria-label="Values">
      <Text size="xs" c="dimmed" mb={4}>
        {isOld
          ? "Of the search before; counting again"
          : data.is_all
            ? `Of all ${formatCount(data.sampled)} found`
            : `Of ${formatCount(data.sampled)} of those found: counting all would take too long`}
      </Text>
      <Accordion
        multiple
        value={open}
        onChange={setOpen}
        chevronPosition="left"
        styles={{ content: { padding: "0 0 8px" }, label: { padding: "6px 0" } }}
      >
        {data.fields.map((facet) => (
          <Accordion.Item key={facet.name} value={facet.name}>
            <Accordion.Control>
              <Group justify="space-between" wrap="nowrap" gap="xs">
                <Text size="sm" style={{ overflowWrap: "anywhere" }}>
                  {plainText(facet.name)}
                </Text>
                <Text size="xs" c="dimmed" pr={4}>
                  <Different facet={facet} />
                </Text>
              </Group>
            </Accordion.Control>
            <Accordion.Panel>
              {open.includes(facet.name) && (
                <FacetPanel facet={facet} asked={asked} isAll={data.is_all} addCondition={addCondition} />
              )}
            </Accordion.Panel>
          </Accordion.Item>
        ))}
      </Accordion>
    </section>
  );
}

/** How many different values there are, where that is known. */
function Different({ facet: { different } }: { facet: Facet }) {
  if (different === null) return <VisuallyHidden>many different values</VisuallyHidden>;
  return (
    <>
      {formatCount(different)}
      <VisuallyHidden> different {different === 1 ? "value" : "values"}</VisuallyHidden>
    </>
  );
}

type FacetPanelProps = Omit<FacetListProps, "data" | "isOld"> & { facet: Facet; isAll: boolean };

function FacetPanel({ facet, asked, isAll, addCondition }: FacetPanelProps) {
  const { name, values, different, numbers } = facet;
  const hasMore = different === null || different > values.length || !isAll;
  return (
    <Stack gap={6}>
      {numbers && (
        // Other bars, another choice.
        <FacetNumbers key={JSON.stringify(numbers)} name={name} numbers={numbers} addCondition={addCondition} />
      )}
      {hasMore ? (
        <FacetSearch facet={facet} asked={asked} isAll={isAll} addCondition={addCondition} />
      ) : (
        <FacetValues name={name} values={values} addCondition={addCondition} />
      )}
      {numbers && different === null && (
        <Text size="xs" c="dimmed">
          {countOf(facet.entries ?? 0, "line has", "lines have")} one.
        </Text>
      )}
    </Stack>
  );
}
