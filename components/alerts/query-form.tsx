"use client";

import {
  Alert,
  NumberInput,
  SegmentedControl,
  Select,
  SimpleGrid,
  Stack,
  TagsInput,
  Text,
  Textarea,
  TextInput,
} from "@mantine/core";
import { schemaResolver, type UseFormReturnType, useForm } from "@mantine/form";
import { useRouter } from "next/navigation";
import {
  useCreateQueryAlert,
  useQueryAlert,
  useTestQueryAlert,
  useUpdateQueryAlert,
} from "@/components/api/use-alerts";
import { emptyToNull } from "@/components/shared/empty-to-null";
import { focusFirstError } from "@/components/shared/focus-first-error";
import { numberOrNull } from "@/components/shared/number-or-null";
import { PageTitle } from "@/components/shared/page-title";
import { plainText } from "@/components/shared/plain-text";
import { Section } from "@/components/shared/section";
import { severalInputProps } from "@/components/shared/several-input-props";
import { showErrors } from "@/components/shared/show-errors";
import { useStoredForm } from "@/components/shared/use-stored-form";
import { useClocks } from "@/components/time-zone/time-zone";
import { type QueryAlert, queryAlertInputSchema, queryWatchSchema, SEVERITIES } from "@/core/alerts/queries/schemas";
import { LIMITS } from "@/core/limits";
import { AlertFormEnd, leaveForm } from "./alert-form-end";
import { QueryPreview } from "./query-preview";
import { type QuietValues, quietValuesOf } from "./quiet-fields";
import { ReceiversFields, type ReceiverValues, receiverInputsOf, receiverValuesOf } from "./receivers-fields";
import { NoMailServer, TellingFields } from "./telling-fields";

/** As the inputs hold them: an empty number is "". */
type Values = Pick<
  QueryAlert,
  "name" | "watch" | "query" | "of" | "by" | "comparison" | "change_in" | "severity" | "notify_resolved" | "enabled"
> &
  QuietValues & {
    threshold: number | string;
    window_minutes: string;
    least_count: number | string;
    against: string;
    resolve_after_minutes: number | string;
    remind_every_minutes: number | string;
    runbook_url: string;
    receivers: ReceiverValues[];
  };

const WATCHES = [
  { value: "value", label: "A number" },
  { value: "share", label: "A share" },
  { value: "change", label: "A change" },
  { value: "absence", label: "Nothing comes" },
];
const COMPARISONS = [
  { value: ">", label: "more than" },
  { value: ">=", label: "at least" },
  { value: "<", label: "less than" },
  { value: "<=", label: "at most" },
];
const WINDOWS = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440];
const windowLabel = (minutes: number) =>
  minutes < 60 ? `${minutes} min` : minutes === 1440 ? "1 day" : `${minutes / 60} h`;

function valuesOf(alert: QueryAlert | null, query: string, zone: string): Values {
  return {
    name: alert?.name ?? "",
    watch: alert?.watch ?? "value",
    query: alert?.query ?? query,
    of: alert?.of ?? "",
    by: alert?.by ?? [],
    comparison: alert?.comparison ?? ">",
    threshold: alert?.threshold ?? 10,
    window_minutes: String(alert?.window_minutes ?? 5),
    least_count: alert?.least_count ?? 0,
    against: alert?.against ?? "",
    change_in: alert?.change_in ?? "percent",
    severity: alert?.severity ?? "error",
    runbook_url: alert?.runbook_url ?? "",
    ...quietValuesOf(alert?.quiet_hours ?? null, zone),
    receivers: receiverValuesOf(alert?.receivers ?? []),
    resolve_after_minutes: alert?.resolve_after_minutes ?? 5,
    notify_resolved: alert?.notify_resolved ?? true,
    remind_every_minutes: alert?.remind_every_minutes ?? "",
    enabled: alert?.enabled ?? true,
  };
}

/** As the API takes it; not checked. */
const inputOf = ({ quiet, quiet_hours, receivers, ...values }: Values) => ({
  ...values,
  threshold: numberOrNull(values.threshold),
  window_minutes: Number(values.window_minutes),
  least_count: values.watch === "absence" ? 0 : values.least_count,
  against: values.watch === "change" && values.against !== "" ? values.against : null,
  remind_every_minutes: emptyToNull(values.remind_every_minutes),
  quiet_hours: quiet ? quiet_hours : null,
  receivers: receiverInputsOf(receivers),
});

type QueryFormProps = {
  /** Null for a new one. */
  initial: QueryAlert | null;
  /** For a new one: what the way here brought. */
  query: string;
  mailReady: boolean;
};

export function QueryForm({ initial, query, mailReady }: QueryFormProps) {
  const router = useRouter();
  const { zone } = useClocks();
  const alert = useQueryAlert(initial) ?? null;
  const create = useCreateQueryAlert();
  const update = useUpdateQueryAlert();
  const test = useTestQueryAlert();
  const resolve = schemaResolver(queryAlertInputSchema, { sync: true });
  const form = useForm<Values>({
    initialValues: valuesOf(alert, query, zone),
    validate: (values) => resolve(inputOf(values)),
  });
  const saving = alert ? update : create;
  const stored = { values: valuesOf(alert, query, zone), updatedAt: alert?.updated_at ?? null };
  const { isDirty, madeFrom, showStored } = useStoredForm(form, stored, saving);
  const submit = form.onSubmit((values) => {
    const done = { onError: showErrors(form), onSuccess: () => leaveForm(router) };
    const input = inputOf(values);
    if (alert) update.mutate({ id: alert.id, change: { ...input, updated_at: madeFrom } }, done);
    else create.mutate(input, done);
  }, focusFirstError(form));
  const watched = queryWatchSchema.safeParse(inputOf(form.values));
  // Without a word of it nothing is wrong yet, where it must have a table. What else is watched may be every line.
  const needsTable = form.values.watch === "value" || form.values.watch === "change";
  const hasQuery = !needsTable || form.values.query.trim() !== "";
  const hasMail = form.values.receivers.some(({ channel }) => channel === "email");
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <PageTitle>{alert ? `Alert ${plainText(alert.name)}` : "New alert on a query"}</PageTitle>
        {alert?.problem && (
          <Alert color="red" role="alert" title="It is not judged">
            {alert.problem}. Saving it starts it again.
          </Alert>
        )}
        <SimpleGrid cols={{ base: 1, lg: 2 }}>
          <Section title="When">
            <Stack>
              <TextInput label="Name" maxLength={LIMITS.nameCharacters} required {...form.getInputProps("name")} />
              <WatchFields form={form} />
              <NumberInput
                label="Over when all is well for"
                description="Minutes"
                min={1}
                required
                {...form.getInputProps("resolve_after_minutes")}
              />
            </Stack>
          </Section>
          <Section title="Who is told">
            <Stack>
              <Select
                label="Severity"
                allowDeselect={false}
                data={[...SEVERITIES]}
                {...form.getInputProps("severity")}
              />
              <ReceiversFields form={form} more={false} />
              {hasMail && !mailReady && <NoMailServer />}
              <TellingFields form={form} />
            </Stack>
          </Section>
        </SimpleGrid>
        <AlertFormEnd
          isNew={alert === null}
          isDirty={isDirty}
          saving={saving}
          errors={form.errors}
          showStored={showStored}
          test={test}
          sendTest={() => alert !== null && test.mutate(alert.id)}
        />
        {/* Behind what is pressed: it comes and changes its height while one types. */}
        <QueryPreview watch={watched.success && hasQuery ? watched.data : null} />
      </Stack>
    </form>
  );
}

type Form = Pick<UseFormReturnType<Values>, "values" | "errors" | "getInputProps" | "clearFieldError">;

/** What is compared, with what. */
function WatchFields({ form }: { form: Form }) {
  const { watch, change_in } = form.values;
  const isPercent = watch === "share" || (watch === "change" && change_in === "percent");
  const needsTable = watch === "value" || watch === "change";
  return (
    <>
      <Stack gap={4}>
        <Text size="sm" fw={500} id="watch-label">
          Of
        </Text>
        <SegmentedControl aria-labelledby="watch-label" data={WATCHES} {...form.getInputProps("watch")} />
      </Stack>
      <Textarea
        label={needsTable ? "Query" : watch === "share" ? "Lines that count" : "Lines"}
        description={
          needsTable ? "With one number, for each group if it has groups" : "A query for lines, without a table"
        }
        placeholder={needsTable ? "level>=error | stats count() as errors by (service)" : "level>=error"}
        autosize
        minRows={2}
        required={watch !== "share"}
        styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)" } }}
        {...form.getInputProps("query")}
      />
      {watch === "share" && (
        <>
          <TextInput label="Of all that match" placeholder="every line" {...form.getInputProps("of")} />
          <TagsInput
            label="For each"
            description="Fields such as service or http.route; empty: all together"
            maxTags={LIMITS.alertKeys}
            {...severalInputProps(form, "by")}
          />
        </>
      )}
      {watch !== "absence" && (
        <SimpleGrid cols={{ base: 1, xs: 2 }}>
          <Select label="Is" allowDeselect={false} data={COMPARISONS} {...form.getInputProps("comparison")} />
          <NumberInput
            label="Threshold"
            suffix={isPercent ? " %" : ""}
            decimalScale={6}
            required
            {...form.getInputProps("threshold")}
          />
        </SimpleGrid>
      )}
      {watch === "change" && (
        <SimpleGrid cols={{ base: 1, xs: 2 }}>
          <Select
            label="Against"
            placeholder="choose"
            data={[
              { value: "hour", label: "the hour before" },
              { value: "day", label: "the day before" },
              { value: "week", label: "the week before" },
            ]}
            required
            {...form.getInputProps("against")}
          />
          <Select
            label="Counted in"
            allowDeselect={false}
            data={[
              { value: "percent", label: "percent" },
              { value: "difference", label: "the number itself" },
            ]}
            {...form.getInputProps("change_in")}
          />
        </SimpleGrid>
      )}
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <Select
          label="Within"
          allowDeselect={false}
          data={[...new Set([...WINDOWS.map(String), form.values.window_minutes])].map((value) => ({
            value,
            label: windowLabel(Number(value)),
          }))}
          {...form.getInputProps("window_minutes")}
        />
        {watch !== "absence" && (
          <NumberInput
            label="With at least so many lines"
            description="Fewer say little"
            min={0}
            {...form.getInputProps("least_count")}
          />
        )}
      </SimpleGrid>
    </>
  );
}
