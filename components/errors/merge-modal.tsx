"use client";

import { Alert, Button, Modal, Select, Stack, Text } from "@mantine/core";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { useFoundPatterns, useMergePattern } from "@/components/api/use-patterns";
import { formatCount } from "@/components/shared/format";
import { patternPath } from "@/components/shared/pattern-path";
import { plainText } from "@/components/shared/plain-text";
import { LIMITS } from "@/core/limits";
import { isOtherPattern } from "@/core/patterns/pattern-id";

/** Stands below the patterns; none is called so. */
const MORE = "more";

type MergeModalProps = { pattern: string; opened: boolean; close(): void };

/** Counts this pattern as another one of the last week. */
export function MergeModal({ pattern, opened, close }: MergeModalProps) {
  return (
    <Modal opened={opened} onClose={close} title="Count this pattern as another">
      <Choice pattern={pattern} close={close} />
    </Modal>
  );
}

function Choice({ pattern, close }: Omit<MergeModalProps, "opened">) {
  const [chosen, setChosen] = useState<{ value: string; label: string } | null>(null);
  const [typed, setTyped] = useState("");
  // What is chosen already is not what is looked for.
  const { data, error } = useFoundPatterns(typed === chosen?.label ? "" : typed);
  const merge = useMergePattern();
  const router = useRouter();
  const into = chosen?.value ?? null;
  const found = data?.data ?? [];
  const others = found
    .filter((other) => other.pattern !== pattern && !isOtherPattern(other.pattern))
    .map((other) => ({ value: other.pattern, label: plainText(other.template) }));
  const shown = chosen === null || others.some(({ value }) => value === into) ? others : [chosen, ...others];
  const more = (data?.total ?? 0) - found.length;
  const submit = () => {
    if (into === null) return;
    merge.mutate(
      { pattern, into },
      {
        onSuccess: () => {
          close();
          router.push(patternPath(into));
        },
      },
    );
  };
  return (
    <Stack>
      <Select
        label="Into"
        placeholder="a pattern of the last week"
        searchable
        nothingFoundMessage={data ? "No pattern like that" : (error?.message ?? "Loading ...")}
        data={
          more > 0
            ? [
                ...shown,
                { value: MORE, label: `and ${formatCount(more)} more: type a part of a message`, disabled: true },
              ]
            : shown
        }
        // The server has looked for it, in messages that need not read as their pattern does.
        filter={({ options }) => options}
        maxLength={LIMITS.serviceCharacters}
        searchValue={typed}
        onSearchChange={setTyped}
        value={into}
        onChange={(value) => setChosen(shown.find((option) => option.value === value) ?? null)}
      />
      <Text size="sm" c="dimmed">
        What has come is counted with it too. You can take them apart again on its page.
      </Text>
      {merge.error && (
        <Alert color="red" role="alert">
          {merge.error.message}
        </Alert>
      )}
      <Button onClick={submit} disabled={into === null} loading={merge.isPending}>
        Merge
      </Button>
    </Stack>
  );
}
