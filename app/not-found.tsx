import { Stack, Text, Title } from "@mantine/core";
import Link from "next/link";

export default function NotFound() {
  return (
    <Stack>
      <Title order={1} size="h2">
        Nothing here
      </Title>
      <Text>There is no such page, or a service of this name never sent an entry.</Text>
      <Link href="/">To the overview</Link>
    </Stack>
  );
}
