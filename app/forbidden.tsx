import { Stack, Text } from "@mantine/core";
import Link from "next/link";
import { PageTitle } from "@/components/shared/page-title";

export default function Forbidden() {
  return (
    <Stack>
      <PageTitle>Not for your role</PageTitle>
      <Text>This page is for people with another role. An admin can give it to you, under Settings.</Text>
      <Link href="/">To the overview</Link>
    </Stack>
  );
}
