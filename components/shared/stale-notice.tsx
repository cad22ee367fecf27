import { Alert } from "@mantine/core";
import { IconPlugConnectedX } from "@tabler/icons-react";

type StaleNoticeProps = {
  error: Error | null;
  /** Something from before is shown. */
  hasData?: boolean;
  /** It is asked for again by itself. */
  isPolled?: boolean;
};

/** Says that what is shown is from before, or not there, while the server can't be asked. */
export function StaleNotice({ error, hasData = true, isPolled = true }: StaleNoticeProps) {
  if (!error) return null;
  return (
    <Alert
      color="orange"
      icon={<IconPlugConnectedX aria-hidden />}
      title={hasData ? "Not up to date" : "Not there"}
      role="status"
    >
      The server could not be asked just now ({error.message}).{hasData && " What you see is from before."}{" "}
      {isPolled ? "It is tried again every few seconds." : "Load the page anew to try again."}
    </Alert>
  );
}
