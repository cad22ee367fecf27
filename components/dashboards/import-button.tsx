"use client";

import { Alert, Button, FileButton, Modal, Stack, Text } from "@mantine/core";
import { useRouter } from "next/navigation";
import { useRef, useState } from "react";
import { useImportDashboard } from "@/components/api/use-dashboards";
import { reasonOf } from "@/core/errors";
import { dashboardPath } from "./dashboard-path";

/** Makes a dashboard of a file that the button JSON gave. */
export function ImportButton() {
  const router = useRouter();
  const create = useImportDashboard();
  const [problem, setProblem] = useState<string | null>(null);
  // Else the browser tells nothing of a file that is chosen again, such as one that was corrected.
  const forgetFile = useRef<() => void>(null);
  const take = async (file: File | null) => {
    if (!file) return;
    forgetFile.current?.();
    let input: unknown;
    try {
      input = JSON.parse(await file.text());
    } catch (error) {
      setProblem(`${file.name} is not JSON: ${reasonOf(error)}`);
      return;
    }
    create.mutate(input, {
      onSuccess: ({ id }) => router.push(dashboardPath(id)),
      onError: (error) => setProblem(error.message),
    });
  };
  return (
    <>
      <FileButton resetRef={forgetFile} accept="application/json,.json" onChange={(file) => void take(file)}>
        {(props) => (
          <Button variant="default" loading={create.isPending} {...props}>
            Import JSON
          </Button>
        )}
      </FileButton>
      <Modal opened={problem !== null} onClose={() => setProblem(null)} title="Import JSON">
        <Stack>
          <Alert color="red" role="alert" title="The file could not be imported">
            {problem}
          </Alert>
          <Text size="sm">A file must be as the button JSON of a dashboard gives it.</Text>
        </Stack>
      </Modal>
    </>
  );
}
