"use client";

import { Alert, Progress, SimpleGrid, Stack, Text } from "@mantine/core";
import { IconPlugConnectedX } from "@tabler/icons-react";
import { parseAsInteger, useQueryStates } from "nuqs";
import type { ReactNode } from "react";
import { useStorage } from "@/components/api/use-storage";
import { type Column, DataTable } from "@/components/shared/data-table";
import { countOf, formatBytes, formatCount, formatRate } from "@/components/shared/format";
import { LocalTime } from "@/components/shared/local-time";
import { Pages, type PagesProps } from "@/components/shared/pages";
import { plainText } from "@/components/shared/plain-text";
import { Section } from "@/components/shared/section";
import { StaleNotice } from "@/components/shared/stale-notice";
import { LIMITS } from "@/core/limits";
import { nounFor } from "@/core/noun";
import { STORAGE_ROWS, type Storage, type StoredDay, type StoredService } from "@/core/segments/storage/schemas";
import { SettingsPage } from "./settings-page";
import { UnreadableSegments } from "./unreadable-segments";

const STATE = { days: parseAsInteger.withDefault(1), services: parseAsInteger.withDefault(1) };

/** What is stored, where, and how long there is room for it. */
export function StoragePage({ initial }: { initial: Storage }) {
  const [pages, setPages] = useQueryStates(STATE);
  const offsetOf = (page: number) => (Math.max(1, page) - 1) * STORAGE_ROWS;
  const query = new URLSearchParams({
    limit: String(STORAGE_ROWS),
    days_offset: String(offsetOf(pages.days)),
    services_offset: String(offsetOf(pages.services)),
  });
  const isFirst = pages.days <= 1 && pages.services <= 1;
  const { data = initial, error, isPlaceholderData: isBefore } = useStorage(query, isFirst ? initial : undefined);
  return (
    <SettingsPage>
      <StaleNotice error={error} />
      <StoreState store={data.store} />
      <UnreadableSegments problems={data.problems} />
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <Section title="Stored">
          <Stored data={data} />
        </Section>
        <Section title="Room">
          <Room room={data.room} sealed={data.sealed} />
        </Section>
      </SimpleGrid>
      <Section title="Sealing">
        <Sealing data={data} />
      </Section>
      <Section title="By day">
        <Paged
          total={data.days.total}
          page={pages.days}
          label="days"
          isBefore={isBefore}
          setPage={(days, how) => setPages({ days }, how)}
        >
          <DataTable
            label="Stored by day"
            columns={DAYS}
            rows={data.days.rows}
            rowKey={({ day }) => day}
            empty="Nothing is stored yet. Send a first entry, and its day stands here."
            minWidth={560}
          />
        </Paged>
      </Section>
      <Section title="By service">
        <Paged
          total={data.services.total}
          page={pages.services}
          label="services"
          isBefore={isBefore}
          setPage={(services, how) => setPages({ services }, how)}
        >
          <DataTable
            label="Stored by service"
            columns={SERVICES}
            rows={data.services.rows}
            rowKey={({ service }) => service}
            empty="No service has sent anything that is kept."
            minWidth={420}
          />
          <Text size="xs" c="dimmed">
            As they were counted, of what retention and its rules keep. Where a retention was made longer, some of it
            may be gone already.
          </Text>
        </Paged>
      </Section>
    </SettingsPage>
  );
}

function StoreState({ store: { name, reachable, reason, since } }: Pick<Storage, "store">) {
  if (reachable) {
    return (
      <Text size="sm" style={{ overflowWrap: "anywhere" }}>
        What is sealed is in <b>{name}</b>, which can be reached.
      </Text>
    );
  }
  return (
    <Alert color="red" role="alert" icon={<IconPlugConnectedX aria-hidden />} title="The store can't be reached">
      <Text size="sm" style={{ overflowWrap: "anywhere" }}>
        {name}: {reason}
        {since !== null && (
          <>
            {" "}
            (since <LocalTime time={since} inherit />)
          </>
        )}
        . Entries are taken and found while they are in the database; nothing is sealed until it is back, and answers
        say what they miss.
      </Text>
    </Alert>
  );
}

/** A figure with what it is. */
function Figure({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div>
      <Text size="xs" c="dimmed">
        {label}
      </Text>
      <Text component="div">{children}</Text>
    </div>
  );
}

function Stored({ data: { entries, oldest_day, hot, sealed, other_bytes } }: { data: Storage }) {
  const ratio = sealed.text_segment_bytes > 0 ? sealed.text_bytes / sealed.text_segment_bytes : null;
  return (
    <Stack gap="sm">
      <SimpleGrid cols={2}>
        <Figure label="In all">
          <b>{formatBytes(sealed.bytes + hot.bytes + other_bytes)}</b>
        </Figure>
        <Figure label="Entries">
          <b>{formatCount(entries)}</b>
          {oldest_day !== null && ` since ${oldest_day}`}
        </Figure>
        <Figure label="Sealed">
          {formatBytes(sealed.bytes)}, {countOf(sealed.entries, "entry", "entries")} in{" "}
          {countOf(sealed.segments, "file")}
        </Figure>
        <Figure label="Not sealed">
          {formatBytes(hot.bytes)}, {countOf(hot.entries, "entry", "entries")}
        </Figure>
        <Figure label="Counts, filters and the rest">{formatBytes(other_bytes)}</Figure>
        {ratio !== null && (
          <Figure label="Sealed, of its size as text">
            1 : {ratio.toFixed(1)} ({formatBytes(sealed.text_bytes)} of text)
          </Figure>
        )}
      </SimpleGrid>
      <Text size="xs" c="dimmed">
        As text: time, service, level, message, tags and attributes of each entry. How many bytes senders needed for
        them is not counted.
      </Text>
    </Stack>
  );
}

function Room({ room, sealed }: Pick<Storage, "room" | "sealed">) {
  const { bytes_per_day, retention_days, kept_days, max_bytes, free_bytes, fits_days, full_at } = room;
  const expected = bytes_per_day === null ? null : bytes_per_day * kept_days;
  const days = Math.round(kept_days);
  return (
    <Stack gap="sm">
      <SimpleGrid cols={2}>
        <Figure label="Sealed in a day, lately">
          {bytes_per_day === null ? "not known before a day is over" : formatBytes(bytes_per_day)}
        </Figure>
        <Figure label="Free where the store is">{free_bytes === null ? "not known" : formatBytes(free_bytes)}</Figure>
        <Figure label="May be stored">{max_bytes === null ? "no limit" : formatBytes(max_bytes)}</Figure>
        <Figure label="There is room for">
          {fits_days === null
            ? bytes_per_day === null
              ? "not known"
              : "no bound is known"
            : `${countOf(Math.floor(fits_days), "day")} at this rate`}
        </Figure>
      </SimpleGrid>
      {expected !== null && (
        <>
          <Text size="sm">
            Retention keeps {countOf(days, "day")}
            {days !== retention_days && " on average, by its rules"}: {formatBytes(expected)} of files at this rate, of
            which {formatBytes(sealed.bytes)} are there.
          </Text>
          <Progress
            value={Math.min(100, (sealed.bytes / Math.max(1, expected)) * 100)}
            color={full_at === null ? undefined : "orange"}
            aria-label="Of what retention will keep at this rate"
          />
        </>
      )}
      {full_at === null ? (
        expected !== null && fits_days !== null && <Text size="sm">That fits.</Text>
      ) : (
        <Alert color="orange" role="status">
          There will be no more room on <LocalTime time={full_at} inherit />, before retention removes as much as comes.
          Keep less, or make room.
        </Alert>
      )}
    </Stack>
  );
}

function Sealing({ data: { sealing, hot } }: { data: Storage }) {
  const { running_since, succeeded_at, failed_at, error } = sealing;
  return (
    <Stack gap="xs">
      <Text size="sm">
        {running_since !== null ? (
          <>
            Running since <LocalTime time={running_since} inherit />.
          </>
        ) : succeeded_at !== null ? (
          <>
            Ran last at <LocalTime time={succeeded_at} inherit />.
          </>
        ) : (
          "Has not run yet: it does every minute."
        )}{" "}
        {countOf(hot.entries, "entry", "entries")} of at most {formatCount(hot.most_entries)}{" "}
        {nounFor(hot.entries, "is", "are")} not sealed.
      </Text>
      <Progress
        value={Math.min(100, (hot.entries / hot.most_entries) * 100)}
        color={hot.entries > LIMITS.busyHotEntries ? "orange" : undefined}
        aria-label="Of the entries that may be unsealed"
      />
      {failed_at !== null && (
        <Alert color="red" role="alert" title="The last run failed">
          <Text size="sm" style={{ overflowWrap: "anywhere" }}>
            At <LocalTime time={failed_at} inherit />: {error ?? "no reason was recorded"}. It is tried again every
            minute.
          </Text>
        </Alert>
      )}
    </Stack>
  );
}

const DAYS: readonly Column<StoredDay>[] = [
  { label: "Day (UTC)", cell: ({ day }) => day },
  { label: "Entries", align: "right", cell: ({ entries }) => formatCount(entries) },
  {
    label: "Sealed",
    align: "right",
    cell: ({ entries, sealed_entries }) => (entries === 0 ? "" : formatRate(sealed_entries / entries)),
  },
  { label: "Files", align: "right", cell: ({ segments }) => formatCount(segments) },
  { label: "Size of files", align: "right", cell: ({ bytes }) => formatBytes(bytes) },
  {
    label: "Unreadable",
    align: "right",
    cell: ({ unreadable }) => (
      <Text size="sm" c={unreadable > 0 ? "red" : undefined} fw={unreadable > 0 ? 700 : undefined}>
        {formatCount(unreadable)}
      </Text>
    ),
  },
];

const SERVICES: readonly Column<StoredService>[] = [
  { label: "Service", cell: ({ service }) => plainText(service) },
  { label: "Entries", align: "right", cell: ({ entries }) => formatCount(entries) },
  { label: "Share", align: "right", cell: ({ share }) => formatRate(share) },
];

type PagedProps = Omit<PagesProps, "size"> & { children: ReactNode };

function Paged({ children, ...pages }: PagedProps) {
  return (
    <Stack gap="sm">
      {children}
      <Pages size={STORAGE_ROWS} {...pages} />
    </Stack>
  );
}
