import { Loader, Stack, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { type Asked, useFacetValues } from "@/components/api/use-logs";
import { formatCount } from "@/components/shared/format";
import { useTyped } from "@/components/shared/use-typed";
import type { Facet } from "@/core/search/schemas";
import { FacetValues } from "./facet-values";

type FacetSearchProps = { facet: Facet; asked: Asked; addCondition(condition: string): void };

/** The values of a field, and those of all of them that hold what is typed. */
export function FacetSearch({ facet, asked, addCondition }: FacetSearchProps) {
  const [text, setText] = useState("");
  const typed = useTyped(text.trim());
  const { data, error, isFetching } = useFacetValues(asked, { field: facet.name, search: typed });
  const found = typed === "" ? facet : data?.fields[0];
  const shown = found?.values ?? [];
  return (
    <Stack gap={4}>
      <TextInput
        size="xs"
        placeholder="Search values"
        aria-label={`Search values of ${facet.name}`}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        rightSection={isFetching ? <Loader size={12} aria-hidden /> : null}
      />
      <FacetValues name={facet.name} values={shown} addCondition={addCondition} />
      {typed !== "" && (
        <Text size="xs" c={error ? "red" : "dimmed"} role="status">
          {error?.message ?? (data ? foundOf(found, data.is_all) : "")}
        </Text>
      )}
    </Stack>
  );
}

function foundOf(facet: Facet | undefined, isAll: boolean): string {
  const different = facet?.different ?? null;
  const shown = facet?.values.length ?? 0;
  const some = isAll ? "" : ", as far as there was time to look";
  if (facet?.has_longer === true) return `Without those of more than 200 characters, which are not listed${some}`;
  if (different === null) return `More than can be listed: type more of it${some}`;
  if (different === 0) return `No value has this in it${some}`;
  return different > shown
    ? `The ${formatCount(shown)} most frequent of ${formatCount(different)}${some}`
    : `All of them${some}`;
}
