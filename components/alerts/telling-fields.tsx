import { Alert, Checkbox, NumberInput, TextInput } from "@mantine/core";
import { QuietFields, type QuietValues } from "./quiet-fields";

type Form = {
  values: QuietValues & { remind_every_minutes: number | string | null };
  getInputProps(path: string, options?: { type: "checkbox" }): object;
};

/** What all alerts have beside those whom they tell. */
export function TellingFields({ form }: { form: Form }) {
  return (
    <>
      <TextInput
        label="Runbook"
        description="A link to what is to be done, which stands in every message"
        placeholder="https://wiki.example.com/runbooks/checkout"
        {...form.getInputProps("runbook_url")}
      />
      <QuietFields form={form} />
      <NumberInput
        label="Remind every"
        description="Minutes, while it is open and nobody has acknowledged; empty: never"
        min={1}
        {...form.getInputProps("remind_every_minutes")}
        value={form.values.remind_every_minutes ?? ""}
      />
      <Checkbox label="Also tell when it is over" {...form.getInputProps("notify_resolved", { type: "checkbox" })} />
      <Checkbox label="On" {...form.getInputProps("enabled", { type: "checkbox" })} />
    </>
  );
}

/** For who wants mail of a server that can't send any. */
export const NoMailServer = () => (
  <Alert color="orange">
    This server has no mail server: set SMTP_URL and start it again. Until then no mail leaves.
  </Alert>
);
