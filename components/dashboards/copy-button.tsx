"use client";

import { Button, Text } from "@mantine/core";
import { useRouter } from "next/navigation";
import { useCopyDashboard } from "@/components/api/use-dashboards";
import { dashboardPath } from "./dashboard-path";

type CopyButtonProps = { id: number; name: string; size?: string };

/** Makes another one with the same panels, and goes there. */
export function CopyButton({ id, name, size }: CopyButtonProps) {
  const router = useRouter();
  const copy = useCopyDashboard();
  return (
    <>
      <Button
        variant="default"
        size={size}
        loading={copy.isPending}
        aria-label={`Copy ${name}`}
        onClick={() => copy.mutate(id, { onSuccess: (made) => router.push(dashboardPath(made.id)) })}
      >
        Copy
      </Button>
      {copy.error && (
        <Text size="xs" c="red" role="alert">
          It could not be copied: {copy.error.message}
        </Text>
      )}
    </>
  );
}
