"use client";

import { Alert, Button, Modal, Stack, Text } from "@mantine/core";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { useFoundPatterns, useMergePattern } from "@/components/api/use-patterns";
import { type FoundOption, FoundSelect } from "@/components/shared/found-select";
import { patternPath } from "@/components/shared/pattern-path";
import { plainText } from "@/components/shared/plain-text";
import { LIMITS } from "@/core/limits";
import { isOtherPattern } from "@/core/patterns/pattern-id";

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
  const [chosen, setChosen] = useState<FoundOption | null>(null);
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
      <FoundSelect
        label="Into"
        placeholder="a pattern of the last week"
        nothingFoundMessage={data ? "No pattern like that" : (error?.message ?? "Loading ...")}
        found={others}
        more={(data?.total ?? 0) - found.length}
        by=" of a message"
        maxLength={LIMITS.serviceCharacters}
        searchValue={typed}
        onSearchChange={setTyped}
        chosen={chosen}
        choose={setChosen}
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
