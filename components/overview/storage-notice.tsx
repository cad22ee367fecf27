import { Alert, Anchor, Text } from "@mantine/core";
import { IconDatabase } from "@tabler/icons-react";
import Link from "next/link";
import { Only } from "@/components/access/only";
import { countOf, formatBytes, formatRate } from "@/components/shared/format";
import { LocalTime } from "@/components/shared/local-time";
import { storedBytes } from "@/core/retention/needs-room";
import type { StorageState } from "@/core/retention/schemas";

/** Says that the oldest entries will go, or went, because no more may be stored. */
export function StorageNotice({ storage, withLink = false }: { storage: StorageState; withLink?: boolean }) {
  const { max_bytes, removed, oldest } = storage;
  if (max_bytes === null) return null;
  const stored = storedBytes(storage);
  return (
    <Alert
      color="yellow"
      icon={<IconDatabase aria-hidden />}
      title={`${formatRate(stored / max_bytes)} of the ${formatBytes(max_bytes)} that may be stored is used`}
    >
      <Text size="sm">
        When it is more, the oldest entries go, whatever retention says of them.
        {oldest !== null && (
          <>
            {" "}
            The oldest that is sealed is of <LocalTime time={oldest} inherit />.
          </>
        )}
      </Text>
      {removed !== null && (
        <Text size="sm" mt={4}>
          Last, {countOf(removed.entries, "entry", "entries")} from before <LocalTime time={removed.before} inherit />{" "}
          went at <LocalTime time={removed.at} inherit />.
        </Text>
      )}
      {withLink && (
        <Only need="administer">
          <Text size="sm" mt="xs">
            <Anchor component={Link} href="/settings/retention" inherit underline="always">
              Keep less, or allow more
            </Anchor>
          </Text>
        </Only>
      )}
    </Alert>
  );
}
