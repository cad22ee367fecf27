"use client";

import { Anchor, Code, List, Stack, Text } from "@mantine/core";
import Link from "next/link";
import { type Column, DataTable } from "@/components/shared/data-table";
import { PageTitle } from "@/components/shared/page-title";
import { Section } from "@/components/shared/section";

type Example = { query: string; finds: string };

const EXAMPLES: readonly Example[] = [
  { query: "card declined", finds: "messages with both words, anywhere, in any case" },
  { query: '"card declined"', finds: "messages with this phrase" },
  { query: "timeout OR refused", finds: "one or the other" },
  { query: "timeout NOT retry", finds: "the first without the second; -retry is the same" },
  { query: "(timeout OR refused) service:checkout", finds: "parentheses group" },
  { query: "level>=warning", finds: "warnings, errors and fatals; :, >, <= and < work too" },
  { query: "service:pay*", finds: "services whose whole name matches; * stands for anything" },
  { query: "tag:canary", finds: "entries with this tag" },
  { query: "http.status:500", finds: "an attribute by its path, in nested objects or in names with dots" },
  { query: "duration_ms>250", finds: "attributes that are numbers, compared" },
  { query: "user.id:*", finds: "entries that have the attribute" },
  { query: "/time(d )?out/", finds: "messages that match a regular expression; service:/^pay/ for another field" },
  { query: "timestamp>=2026-01-31T09:30:00Z", finds: "from a time on, within the time range chosen" },
  {
    query: "pattern:-123",
    finds: "lines of one pattern, by its id, as a click on a top error or on “Similar lines” asks for them",
  },
  { query: "/api/v1/users", finds: "text: paths, addresses, times and files with a line are taken as they stand" },
  {
    query: 'GET "/v1/users" status: 500 (took 12 ms',
    finds:
      "a whole line that is pasted, with its quotes and brackets; JSON by its message, level, service and attributes",
  },
  { query: "message:error\\:info", finds: "\\ takes the special meaning of a sign away; before a letter it is itself" },
];

const TABLES: readonly Example[] = [
  { query: "level>=error | stats count() as errors by (service)", finds: "how many errors each service had" },
  {
    query: "| timeseries p95(duration_ms) by (service)",
    finds: "the 95th percentile of a duration over time, by service",
  },
  { query: "| top 10 by (http.route)", finds: "the ten routes with the most lines" },
  {
    query:
      "| stats count() as total, count() if (level>=error) as errors by (service) | math errors / total * 100 as percent | where percent > 5",
    finds: "services of whose lines more than five in a hundred are errors",
  },
  { query: "| stats count_distinct(user.id) as users by (time(1h))", finds: "different users in each hour" },
  {
    query:
      "duration_ms:* | stats median(duration_ms) as typical, max(duration_ms) as worst by (http.route) | sort by worst desc | limit 20",
    finds: "the twenty slowest routes",
  },
];

const ERRORS: readonly Example[] = [
  { query: "message:", finds: "a field without a value" },
  { query: "AND error", finds: "an operator with nothing before or after it" },
  { query: "(message:error", finds: "a parenthesis or a quote that is not closed" },
  { query: "/(a+)+/", finds: "a regular expression that could take for ever" },
  { query: "level:loud", finds: "a level that there is not; also times and numbers that are none" },
];

const ERROR_COLUMNS: readonly Column<Example>[] = [
  { label: "Query", cell: ({ query }) => <Code>{query}</Code> },
  { label: "What is wrong", cell: ({ finds }) => finds },
];

const COLUMNS: readonly Column<Example>[] = [
  {
    label: "Query",
    cell: ({ query }) => (
      <Anchor component={Link} href={`/logs?q=${encodeURIComponent(query)}`}>
        <Code>{query}</Code>
      </Anchor>
    ),
  },
  { label: "Finds", cell: ({ finds }) => finds },
];

export function LanguagePage() {
  return (
    <Stack>
      <PageTitle>The query language</PageTitle>
      <Section title="Examples">
        <DataTable label="Examples" columns={COLUMNS} rows={EXAMPLES} rowKey={({ query }) => query} minWidth={560} />
      </Section>
      <Section title="Rules">
        <List spacing={4}>
          <List.Item>
            Terms next to each other must all hold. NOT binds closest, then AND, then OR; the three are written in
            capitals.
          </List.Item>
          <List.Item>Case never counts: not in words, nor in names and values of fields.</List.Item>
          <List.Item>
            Fields are <Code>message</Code> (<Code>msg</Code>), <Code>service</Code>, <Code>level</Code>,{" "}
            <Code>tags</Code> (<Code>tag</Code>), <Code>pattern</Code> and <Code>timestamp</Code>; any other name is an
            attribute.
          </List.Item>
          <List.Item>
            A word or a value with spaces or one of <Code>( ) " : &lt; &gt; /</Code> needs quotes. In quotes * is just a
            star.
          </List.Item>
          <List.Item>
            What could be two things, such as <Code>localhost:8080</Code>, is told below the query, and the other
            reading is one click away. Quotes say that it is text, <Code>name:"value"</Code> that it is a field, and
            parentheses around all of it that it is a query.
          </List.Item>
          <List.Item>
            Regular expressions know characters, classes, groups, |, ^, $ and repetitions. One that could take for ever,
            such as <Code>/(a+)+/</Code>, is refused.
          </List.Item>
          <List.Item>A query has at most 10 KB, 200 terms and 50 parentheses within each other.</List.Item>
        </List>
      </Section>
      <Section title="Tables">
        <Text size="sm" mb="sm">
          Behind a | what the query selects is put into groups: count, count_distinct, sum, avg, min, max, median, p50
          to p99.9, quantile, first, last and rate, each with <Code>if (query)</Code> and <Code>as name</Code>, by
          fields, attributes, <Code>time(5m)</Code>, <Code>hour</Code> and <Code>weekday</Code>. Further pipes work on
          the table: where, math, sort, limit, fields.
        </Text>
        <DataTable label="Tables" columns={COLUMNS} rows={TABLES} rowKey={({ query }) => query} minWidth={560} />
      </Section>
      <Section title="What is refused">
        <DataTable label="Errors" columns={ERROR_COLUMNS} rows={ERRORS} rowKey={({ query }) => query} minWidth={560} />
        <Text size="sm" mt="sm" c="dimmed">
          An error names the character where it is. The same language works in the parameter q of GET /api/logs.
        </Text>
      </Section>
    </Stack>
  );
}
