import { Group, Select, Text, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";

type ListControlsProps<Order extends string> = {
  /** What is listed, in the plural. */
  of: string;
  search: string;
  setSearch(search: string): void;
  orders: readonly Order[];
  labels: Readonly<Record<Order, string>>;
  sort: Order;
  /** @param sort null for one that is not known */
  setSort(sort: Order | null): void;
  /** Of the choice of orders, in pixels. */
  width: number;
  /** How many there are, as text; absent until that is known. */
  count: string | undefined;
};

/** What a list that the server searches and sorts is searched for and sorted by, and how much there is. */
export function ListControls<Order extends string>({
  of,
  search,
  setSearch,
  orders,
  labels,
  sort,
  setSort,
  width,
  count,
}: ListControlsProps<Order>) {
  return (
    <Group gap="sm">
      <TextInput
        aria-label={`Search ${of}`}
        placeholder="part of a name"
        leftSection={<IconSearch size={16} aria-hidden />}
        value={search}
        onChange={(event) => setSearch(event.currentTarget.value)}
      />
      <Select
        aria-label={`Order of ${of}`}
        allowDeselect={false}
        w={width}
        data={orders.map((value) => ({ value, label: labels[value] }))}
        value={sort}
        onChange={(value) => setSort(orders.find((known) => known === value) ?? null)}
      />
      <Text size="sm" c="dimmed" role="status">
        {count}
      </Text>
    </Group>
  );
}
