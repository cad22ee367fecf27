import { Alert } from "@mantine/core";
import { formatCount } from "@/components/shared/format";

/** So many services are rarely meant: tells what to look at. */
export function ManyServices({ count }: { count: number }) {
  return (
    <Alert color="yellow" title={`${formatCount(count)} services`}>
      So many are rarely meant: the names of pods, of containers with an id in them, or of requests are probably taken
      for services. Give senders a name of their own, by the field service or the parameter ?service=. A service goes
      from this list when retention has removed its last entry.
    </Alert>
  );
}
