import { Text } from "@mantine/core";
import { AccessCard } from "@/components/access/access-card";

/** While the server is locked: with accounts, nobody is led to sign in instead. */
export default function Unauthorized() {
  return (
    <AccessCard title="Cordwood is locked">
      <Text size="sm">
        It has no account yet and can be reached over the network. Its log has a link that makes the first account; open
        that one. Starting it with HOST=127.0.0.1 opens it to its own machine instead.
      </Text>
    </AccessCard>
  );
}
