"use client";

import { Alert, Button, Modal, Select, Stack, Text } from "@mantine/core";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { useMergePattern, usePatterns } from "@/components/api/use-patterns";
import { patternPath } from "@/components/shared/pattern-path";
import { plainText } from "@/components/shared/plain-text";
import { LIMITS } from "@/core/limits";
import { isOtherPattern } from "@/core/patterns/pattern-id";

const QUERY = new URLSearchParams({
  timeRange: "1w",
  level: "warning",
  limit: String(LIMITS.listedPatterns),
}).toString();

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
  const { data, error } = usePatterns(QUERY);
  const merge = useMergePattern();
  const router = useRouter();
  const [into, setInto] = useState<string | null>(null);
  const others = (data ?? []).filter((other) => other.pattern !== pattern && !isOtherPattern(other.pattern));
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
        data={others.map((other) => ({ value: other.pattern, label: plainText(other.template) }))}
        value={into}
        onChange={setInto}
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
