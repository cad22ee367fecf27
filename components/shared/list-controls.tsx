import { Group, Text, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { LIMITS } from "@/core/limits";
import type { ListPlace } from "./use-list-place";

type ListControlsProps = {
  /** What is listed, in the plural. */
  of: string;
  place: ListPlace;
  /** Of what one types a part. */
  searchedBy?: string;
  /** How many there are, as text; absent until that is known. */
  count: string | undefined;
  /** More that one can choose. */
  children?: ReactNode;
};

/** What a list is searched for where the data is, and how much there is. */
export function ListControls({ of, place, searchedBy = "a name", count, children }: ListControlsProps) {
  return (
    <Group gap="sm">
      <TextInput
        aria-label={`Search ${of}`}
        placeholder={`part of ${searchedBy}`}
        leftSection={<IconSearch size={16} aria-hidden />}
        maxLength={LIMITS.serviceCharacters}
        value={place.search}
        onChange={(event) => place.setSearch(event.currentTarget.value)}
      />
      {children}
      <Text size="sm" c="dimmed" role="status">
        {count}
      </Text>
    </Group>
  );
}
