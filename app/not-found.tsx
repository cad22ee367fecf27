import { Stack, Text } from "@mantine/core";
import Link from "next/link";
import { PageTitle } from "@/components/shared/page-title";

export default function NotFound() {
  return (
    <Stack>
      <PageTitle>Nothing here</PageTitle>
      <Text>There is no such page, or a service of this name never sent an entry.</Text>
      <Link href="/">To the overview</Link>
    </Stack>
  );
}
