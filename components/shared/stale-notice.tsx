import { Alert } from "@mantine/core";
import { IconPlugConnectedX } from "@tabler/icons-react";

/** Says that what is shown is from before, while the server can't be asked. */
export function StaleNotice({ error }: { error: Error | null }) {
  if (!error) return null;
  return (
    <Alert color="orange" icon={<IconPlugConnectedX aria-hidden />} title="Not up to date" role="status">
      The server could not be asked just now ({error.message}). What you see is from before; it is tried again every few
      seconds.
    </Alert>
  );
}
