import { Checkbox, Select, SimpleGrid, Stack, TextInput } from "@mantine/core";
import { useClocks } from "@/components/time-zone/time-zone";
import type { QuietHours } from "@/core/alerts/shared-schemas";

/** As the inputs hold them. */
export type QuietValues = { quiet: boolean; quiet_hours: QuietHours };

const NIGHT = { from: "22:00", to: "07:00" };

export const quietValuesOf = (quiet: QuietHours | null, zone: string): QuietValues => ({
  quiet: quiet !== null,
  quiet_hours: quiet ?? { ...NIGHT, time_zone: zone },
});

type Form = {
  values: QuietValues;
  getInputProps(path: string, options?: { type: "checkbox" }): object;
};

/** When nobody is told, by the clocks of a zone. */
export function QuietFields({ form }: { form: Form }) {
  const { zone } = useClocks();
  const zones = [...new Set(["UTC", zone, form.values.quiet_hours.time_zone, ...Intl.supportedValuesOf("timeZone")])];
  return (
    <Stack gap="xs">
      <Checkbox
        label="Quiet hours"
        description="Nobody is told then; what is still open at their end is told then"
        {...form.getInputProps("quiet", { type: "checkbox" })}
      />
      {form.values.quiet && (
        <SimpleGrid cols={{ base: 1, xs: 3 }}>
          <TextInput type="time" label="Quiet from" {...form.getInputProps("quiet_hours.from")} />
          <TextInput type="time" label="Quiet until" {...form.getInputProps("quiet_hours.to")} />
          <Select
            label="By the clocks of"
            data={zones}
            searchable
            allowDeselect={false}
            {...form.getInputProps("quiet_hours.time_zone")}
          />
        </SimpleGrid>
      )}
    </Stack>
  );
}
