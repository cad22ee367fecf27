import {
  ActionIcon,
  Button,
  Fieldset,
  Group,
  PasswordInput,
  Select,
  SimpleGrid,
  Stack,
  Text,
  TextInput,
} from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { isSameDestination } from "@/core/alerts/receivers/is-same-destination";
import { SEVERITIES, WEBHOOK_FORMATS } from "@/core/alerts/schemas";
import type { Receiver } from "@/core/alerts/shared-schemas";
import { LIMITS } from "@/core/limits";

/** As the inputs hold them. */
export type ReceiverValues = {
  id?: number | undefined;
  channel: Receiver["channel"];
  target: string;
  format: Receiver["format"];
  secret: string;
  /** For which place a secret is stored; null: none is. */
  secret_for: Pick<Receiver, "channel" | "format" | "target"> | null;
  least_severity: Receiver["least_severity"];
};

export const receiverValuesOf = (receivers: readonly Receiver[]): ReceiverValues[] =>
  receivers.map(({ secret_set, ...receiver }) => ({
    ...receiver,
    secret: "",
    secret_for: secret_set ? receiver : null,
  }));

/** As the API takes them: an empty secret means the one that is stored, where that was for the same place, else none. */
export const receiverInputsOf = (receivers: readonly ReceiverValues[]) =>
  receivers.map((receiver) => {
    const { id, channel, target, format, secret, least_severity } = receiver;
    const given = secret === "" ? (isElsewhere(receiver) ? { secret: null } : {}) : { secret };
    return { id, channel, target, format, least_severity, ...given };
  });

const isElsewhere = ({ secret_for, ...receiver }: ReceiverValues): boolean =>
  secret_for !== null && !isSameDestination(secret_for, { ...receiver, target: receiver.target.trim() });

const NEW: ReceiverValues = {
  channel: "webhook",
  target: "",
  format: "generic",
  secret: "",
  secret_for: null,
  least_severity: "info",
};

export const FORMAT_LABELS: Readonly<Record<Receiver["format"], string>> = {
  generic: "JSON",
  slack: "Slack",
  discord: "Discord",
  teams: "Teams",
  pagerduty: "PagerDuty",
  opsgenie: "Opsgenie",
  ntfy: "ntfy",
  telegram: "Telegram",
};

/** Where each format is called, and what its secret is. */
const HINTS: Readonly<Record<Receiver["format"], { target: string; secret: string | null }>> = {
  generic: { target: "https://example.com/hook", secret: "Signs each call, by the Standard Webhooks rules" },
  slack: { target: "https://hooks.slack.com/services/...", secret: null },
  discord: { target: "https://discord.com/api/webhooks/...", secret: null },
  teams: { target: "https://...logic.azure.com/workflows/...", secret: null },
  pagerduty: { target: "https://events.pagerduty.com/v2/enqueue", secret: "Integration key" },
  opsgenie: { target: "https://api.opsgenie.com/v2/alerts", secret: "API key of the integration" },
  ntfy: { target: "https://ntfy.sh/my-topic", secret: "Access token, if the server wants one" },
  telegram: { target: "https://api.telegram.org/bot.../sendMessage?chat_id=...", secret: null },
};

type Form = {
  values: { receivers: ReceiverValues[] };
  getInputProps(path: string): object;
  insertListItem(path: string, item: ReceiverValues): void;
  removeListItem(path: string, index: number): void;
};

/** Several who are told, each from a severity of its own on. */
export function ReceiversFields({ form, more }: { form: Form; more: boolean }) {
  const { receivers } = form.values;
  return (
    <Stack gap="sm">
      {receivers.length === 0 && !more && <Text size="sm">Nobody yet: what happens is on the page Alerts only.</Text>}
      {receivers.map((receiver, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: new ones have no other name
        <ReceiverFields key={index} form={form} receiver={receiver} index={index} />
      ))}
      {receivers.length < LIMITS.alertReceivers && (
        <Group>
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<IconPlus size={14} aria-hidden />}
            onClick={() => form.insertListItem("receivers", NEW)}
          >
            {more ? "Add another receiver" : "Add a receiver"}
          </Button>
        </Group>
      )}
    </Stack>
  );
}

function ReceiverFields({ form, receiver, index }: { form: Form; receiver: ReceiverValues; index: number }) {
  const isWebhook = receiver.channel === "webhook";
  const hint = HINTS[receiver.format];
  const path = (name: string) => `receivers.${index}.${name}`;
  return (
    <Fieldset legend={`Receiver ${index + 1}`} p="sm">
      <Stack gap="xs">
        <SimpleGrid cols={{ base: 1, xs: isWebhook ? 3 : 2 }}>
          <Select
            label="By"
            allowDeselect={false}
            data={[
              { value: "email", label: "E-mail" },
              { value: "webhook", label: "Webhook" },
            ]}
            {...form.getInputProps(path("channel"))}
          />
          {isWebhook && (
            <Select
              label="Format"
              allowDeselect={false}
              data={WEBHOOK_FORMATS.map((value) => ({ value, label: FORMAT_LABELS[value] }))}
              {...form.getInputProps(path("format"))}
            />
          )}
          <Select
            label="From severity"
            allowDeselect={false}
            data={[...SEVERITIES]}
            {...form.getInputProps(path("least_severity"))}
          />
        </SimpleGrid>
        <Group align="flex-end" wrap="nowrap">
          <TextInput
            label={isWebhook ? "URL" : "Addresses"}
            placeholder={isWebhook ? hint.target : "ops@example.com, dev@example.com"}
            flex={1}
            required
            {...form.getInputProps(path("target"))}
          />
          <ActionIcon
            size="lg"
            variant="subtle"
            color="red"
            aria-label={`Remove receiver ${index + 1}`}
            onClick={() => form.removeListItem("receivers", index)}
          >
            <IconTrash size={18} aria-hidden />
          </ActionIcon>
        </Group>
        {isWebhook && hint.secret !== null && (
          <PasswordInput
            label="Secret"
            description={
              receiver.secret_for === null ? hint.secret : `${hint.secret}. ${storedSecretNote(isElsewhere(receiver))}`
            }
            autoComplete="new-password"
            {...form.getInputProps(path("secret"))}
          />
        )}
      </Stack>
    </Fieldset>
  );
}

/** Of a secret that is stored. @param isForAnother it was meant for another place than calls go to now */
export const storedSecretNote = (isForAnother: boolean): string =>
  isForAnother
    ? "The one that is set was for another address: give it again; empty for none"
    : "One is set; empty keeps it";
