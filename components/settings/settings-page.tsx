"use client";

import { Stack, Tabs } from "@mantine/core";
import Link from "next/link";
import { usePathname } from "next/navigation";
import type { ReactNode } from "react";
import { PageTitle } from "@/components/shared/page-title";

const PAGES = [
  { href: "/settings", label: "Users" },
  { href: "/settings/keys", label: "API keys" },
  { href: "/settings/masking", label: "Masking" },
  { href: "/settings/retention", label: "Retention" },
  { href: "/settings/audit", label: "Audit log" },
];

/** The frame of all settings. */
export function SettingsPage({ children }: { children: ReactNode }) {
  const pathname = usePathname();
  return (
    <Stack>
      <PageTitle>Settings</PageTitle>
      <Tabs value={pathname}>
        <Tabs.List component="nav" aria-label="Settings" role="navigation">
          {PAGES.map(({ href, label }) => (
            <Tabs.Tab
              key={href}
              value={href}
              role="link"
              aria-selected={undefined}
              aria-current={pathname === href ? "page" : undefined}
              renderRoot={(props) => <Link {...props} href={href} />}
            >
              {label}
            </Tabs.Tab>
          ))}
        </Tabs.List>
      </Tabs>
      {children}
    </Stack>
  );
}
