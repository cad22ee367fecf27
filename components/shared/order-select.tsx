import { Select } from "@mantine/core";

type OrderSelectProps<Order extends string> = {
  /** What is listed, in the plural. */
  of: string;
  orders: readonly Order[];
  labels: Readonly<Record<Order, string>>;
  sort: Order;
  /** @param sort null for one that is not known */
  setSort(sort: Order | null): void;
  /** In pixels. */
  width: number;
};

/** By what a list is sorted where the data is. */
export function OrderSelect<Order extends string>({
  of,
  orders,
  labels,
  sort,
  setSort,
  width,
}: OrderSelectProps<Order>) {
  return (
    <Select
      aria-label={`Order of ${of}`}
      allowDeselect={false}
      w={width}
      data={orders.map((value) => ({ value, label: labels[value] }))}
      value={sort}
      onChange={(value) => setSort(orders.find((known) => known === value) ?? null)}
    />
  );
}
