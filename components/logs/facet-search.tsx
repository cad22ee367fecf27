import { Loader, Stack, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { type Asked, useFacetValues } from "@/components/api/use-logs";
import { formatCount } from "@/components/shared/format";
import { useTyped } from "@/components/shared/use-typed";
import { LIMITS } from "@/core/limits";
import type { Facet } from "@/core/search/schemas";
import { FacetValues } from "./facet-values";

type FacetSearchProps = {
  facet: Facet;
  asked: Asked;
  /** The facet is of all that was found. */
  isAll: boolean;
  addCondition(condition: string): void;
};

/** The values of a field, and those of all of them that hold what is typed. */
export function FacetSearch({ facet, asked, isAll, addCondition }: FacetSearchProps) {
  const [text, setText] = useState("");
  const typed = useTyped(text.trim());
  // Those of ids are looked at when somebody asks for them.
  const isAsked = typed !== "" || facet.entries === null;
  const { data, error, isFetching } = useFacetValues(asked, { field: facet.name, search: typed }, isAsked);
  const found = isAsked ? data?.fields[0] : facet;
  const isOfAll = isAsked ? data?.is_all === true : isAll;
  const isEachOnce = typed === "" && found?.values[0]?.count === 1;
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
      {!isEachOnce && <FacetValues name={facet.name} values={found?.values ?? []} addCondition={addCondition} />}
      {(isAsked || facet.different === null) && (
        <Text size="xs" c={error ? "red" : "dimmed"} role="status">
          {error?.message ?? (found ? foundOf(found, { isEachOnce, isSearched: typed !== "", isAll: isOfAll }) : "")}
        </Text>
      )}
    </Stack>
  );
}

type Looked = { isEachOnce: boolean; isSearched: boolean; isAll: boolean };

/** What there is to be known of values beside those that are shown. */
function foundOf({ different, values, has_longer }: Facet, { isEachOnce, isSearched, isAll }: Looked): string {
  const shown = formatCount(values.length);
  const many = different === null ? `more than ${formatCount(LIMITS.facetValues)}` : formatCount(different);
  const some = isAll ? "" : ", as far as there was time to look";
  if (has_longer) return `Without those of more than 200 characters, which are not listed${some}`;
  if (isEachOnce) return `Each of ${many} values comes once: search for one${some}`;
  if (different === 0) return `No value has this in it${some}`;
  if (different === values.length) return `All of them${some}`;
  if (values.length > 0) return `The ${shown} most frequent of ${many}${some}`;
  return isSearched ? `More than can be listed: type more of it${some}` : `There are ${many}: search for one${some}`;
}
