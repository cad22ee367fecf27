"use client";

import { Alert, Group, Modal, NumberInput, Select, Stack, Switch, Text, Textarea, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useEffect } from "react";
import { UNIT_LABELS } from "@/components/charts/format-unit";
import { DialogButtons } from "@/components/shared/dialog-buttons";
import { useTyped } from "@/components/shared/use-typed";
import { CHART_KINDS, type ChartKind, UNITS } from "@/core/charts/chart-options";
import { type Panel, panelContentSchema, type Variable } from "@/core/dashboards/definition";
import { LIMITS } from "@/core/limits";
import classes from "./dashboards.module.css";
import { PanelBody, type Shown } from "./panel-body";
import { kindLabel } from "./panel-frame";

const CHART_LABELS: Readonly<Record<ChartKind, string>> = {
  line: "Lines",
  area: "Areas",
  bars: "Stacked bars",
  top: "Top list",
  figure: "Single figure",
};

type PanelFormProps = {
  panel: Panel;
  variables: readonly Variable[];
  shown: Shown;
  save(panel: Panel): void;
  close(): void;
  /** Closes it, too, but asks first where something is typed. */
  wantToClose(): void;
  /** Is told whether something is typed that would be lost. */
  tellTyping(isTyping: boolean): void;
};

/** What a panel shows, with how that looks while it is typed. */
export function PanelForm(props: PanelFormProps) {
  const { panel, variables, shown, save, close, wantToClose, tellTyping } = props;
  const form = useForm({ initialValues: panel, validate: problemsOf });
  const isTyping = form.isDirty();
  useEffect(() => tellTyping(isTyping), [tellTyping, isTyping]);
  const { values } = form;
  const typed = useTyped(values);
  return (
    <Modal stackId="form" opened onClose={wantToClose} title={kindLabel(panel.kind)} size="xl">
      <form
        noValidate
        onSubmit={form.onSubmit((changed) => {
          save({ ...changed, title: changed.title.trim() });
        })}
      >
        <Stack>
          <TextInput
            label="Title"
            data-autofocus
            maxLength={LIMITS.dashboardNameCharacters}
            {...form.getInputProps("title")}
          />
          {(values.kind === "query" || values.kind === "lines") && (
            <Textarea
              label="Query"
              description={variablesText(values.kind, variables)}
              autosize
              minRows={2}
              maxRows={10}
              spellCheck={false}
              maxLength={LIMITS.queryBytes}
              styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)" } }}
              {...form.getInputProps("query")}
            />
          )}
          {values.kind === "query" && (
            <Group align="end">
              <Select
                label="Shown as"
                allowDeselect={false}
                data={[
                  { value: "auto", label: "What fits" },
                  ...CHART_KINDS.map((kind) => ({ value: kind, label: CHART_LABELS[kind] })),
                  { value: "table", label: "Table" },
                ]}
                value={values.as === "table" ? "table" : (values.chart.kind ?? "auto")}
                onChange={(value) =>
                  form.setValues({
                    as: value === "table" ? "table" : "chart",
                    chart: { ...values.chart, kind: CHART_KINDS.find((kind) => kind === value) ?? null },
                  })
                }
              />
              <Select
                label="Unit"
                allowDeselect={false}
                data={[
                  { value: "auto", label: "By the name" },
                  ...UNITS.map((unit) => ({ value: unit, label: UNIT_LABELS[unit] })),
                ]}
                value={values.chart.unit ?? "auto"}
                onChange={(value) =>
                  form.setValues({
                    chart: { ...values.chart, unit: UNITS.find((unit) => unit === value) ?? null },
                  })
                }
              />
              {values.as === "chart" && values.chart.kind !== "figure" && (
                <Switch
                  label="Logarithmic"
                  mb={8}
                  checked={values.chart.log}
                  onChange={({ currentTarget: { checked } }) =>
                    form.setValues({ chart: { ...values.chart, log: checked } })
                  }
                />
              )}
            </Group>
          )}
          {values.kind === "lines" && (
            <NumberInput
              label="Lines at most"
              min={1}
              max={LIMITS.panelLines}
              w={160}
              {...form.getInputProps("limit")}
            />
          )}
          {values.kind === "text" && (
            <Textarea
              label="Text"
              description="Markdown: # headings, **bold**, lists, tables, [links](https://example.com)."
              autosize
              minRows={6}
              maxRows={20}
              maxLength={LIMITS.panelTextCharacters}
              {...form.getInputProps("text")}
            />
          )}
          {(values.kind === "health" || values.kind === "incidents") && (
            <TextInput
              label="Service"
              description={serviceText(variables)}
              placeholder="every service"
              maxLength={LIMITS.serviceCharacters}
              value={values.service ?? ""}
              onChange={({ currentTarget: { value } }) => form.setValues({ service: value === "" ? null : value })}
            />
          )}
          <div className={classes.preview}>
            <section className={classes.panel} aria-label="How it looks">
              <div className={classes.body}>
                {isEmpty(typed) ? (
                  <Text c="dimmed">It is shown here as soon as there is something to show.</Text>
                ) : (
                  <PanelBody panel={typed} shown={shown} />
                )}
              </div>
            </section>
          </div>
          {Object.keys(form.errors).length > 0 && <Alert color="red">Some of this is not valid.</Alert>}
          <DialogButtons action="Use it" cancel={close} />
        </Stack>
      </form>
    </Modal>
  );
}

/** A problem for each field that is wrong, by the field's name. */
function problemsOf({ id, x, y, width, height, ...content }: Panel): Record<string, string> {
  const { error } = panelContentSchema.safeParse(content);
  return Object.fromEntries((error?.issues ?? []).map(({ path, message }) => [path.join("."), message]));
}

const isEmpty = (panel: Panel) =>
  ((panel.kind === "query" || panel.kind === "lines") && panel.query.trim() === "") ||
  (panel.kind === "text" && panel.text.trim() === "");

function variablesText(kind: "query" | "lines", variables: readonly Variable[]): string {
  const what =
    kind === "query"
      ? "Lines, then what is made of them: level>=error | stats count() by (service, time)."
      : "The newest lines that it finds are shown.";
  const [first] = variables;
  if (!first) return what;
  const written = variables.map(({ name }) => `$${name}`).join(", ");
  return `${what} Chosen values are ${written}, as the value of a field: ${first.field}:$${first.name}.`;
}

const serviceText = (variables: readonly Variable[]): string =>
  variables.length === 0
    ? "Its name; empty for every service."
    : `Its name, empty for every service, or what is chosen: ${variables.map(({ name }) => `$${name}`).join(", ")}.`;
