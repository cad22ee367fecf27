"use client";

import { Button, Group, Stack } from "@mantine/core";
import Link from "next/link";
import { usePathname } from "next/navigation";
import type { ReactNode } from "react";
import { PageTitle } from "@/components/shared/page-title";

const PAGES = [
  { href: "/settings", label: "Users" },
  { href: "/settings/keys", label: "API keys" },
  { href: "/settings/health", label: "Health" },
  { href: "/settings/masking", label: "Masking" },
  { href: "/settings/retention", label: "Retention" },
  { href: "/settings/storage", label: "Storage" },
  { href: "/settings/audit", label: "Audit log" },
];

/** The frame of all settings. */
export function SettingsPage({ children }: { children: ReactNode }) {
  const pathname = usePathname();
  return (
    <Stack>
      <PageTitle>Settings</PageTitle>
      <Group component="nav" aria-label="Settings" gap={4}>
        {PAGES.map(({ href, label }) => (
          <Button
            key={href}
            component={Link}
            href={href}
            size="sm"
            variant={pathname === href ? "light" : "subtle"}
            aria-current={pathname === href ? "page" : undefined}
          >
            {label}
          </Button>
        ))}
      </Group>
      {children}
    </Stack>
  );
}
