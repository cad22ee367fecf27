"use client";

import {
  ActionIcon,
  Anchor,
  AppShell,
  Burger,
  Group,
  NavLink,
  Text,
  useComputedColorScheme,
  useMantineColorScheme,
} from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import {
  IconBell,
  IconBug,
  IconCalendarTime,
  IconChartBar,
  IconLayoutDashboard,
  IconListSearch,
  IconMoon,
  IconSend,
  IconSettings,
  IconStack2,
  IconSun,
} from "@tabler/icons-react";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { type ReactNode, useRef } from "react";
import { LocalBanner } from "./access/local-banner";
import { UserMenu } from "./access/user-menu";
import { useMay } from "./access/viewer";
import { CONTENT } from "./shared/use-lasting-focus";
import { TimeZoneProvider } from "./time-zone/time-zone";
import { TimeZoneMenu } from "./time-zone/time-zone-menu";

const PAGES = [
  { href: "/", label: "Overview", icon: IconLayoutDashboard },
  { href: "/errors", label: "Errors", icon: IconBug },
  { href: "/logs", label: "Logs", icon: IconListSearch },
  { href: "/dashboards", label: "Dashboards", icon: IconChartBar },
  { href: "/alerts", label: "Alerts", icon: IconBell },
  { href: "/jobs", label: "Jobs", icon: IconCalendarTime },
  { href: "/send", label: "Send logs", icon: IconSend },
];

const SETTINGS = { href: "/settings", label: "Settings", icon: IconSettings };

/** Pages of their own frame, for people who are not in yet. */
const BARE = ["/sign-in", "/set-up", "/join", "/forgotten-password", "/new-password"];

/** The id that the button of the navigation points to. */
const NAVIGATION = "pages";

const isWithin = (pathname: string, href: string) =>
  pathname === href || (href !== "/" && pathname.startsWith(`${href}/`));

export function Shell({ children }: { children: ReactNode }) {
  const [opened, { toggle, close }] = useDisclosure();
  const pathname = usePathname();
  const main = useRef<HTMLElement>(null);
  const mayAdminister = useMay("administer");
  if (BARE.includes(pathname)) return children;
  return (
    <TimeZoneProvider>
      <AppShell
        header={{ height: 56 }}
        navbar={{ width: 200, breakpoint: "sm", collapsed: { mobile: !opened } }}
        padding="md"
      >
        <a href={`#${CONTENT}`} className="skip-link">
          Skip to the content
        </a>
        <AppShell.Header>
          <Group h="100%" px="md" justify="space-between" wrap="nowrap">
            <Group gap="sm" wrap="nowrap">
              <Burger
                opened={opened}
                onClick={toggle}
                hiddenFrom="sm"
                size="sm"
                aria-label="Navigation"
                aria-expanded={opened}
                aria-controls={NAVIGATION}
              />
              <Anchor component={Link} href="/" underline="never" c="inherit">
                <Group gap={6} wrap="nowrap">
                  <IconStack2 aria-hidden />
                  <Text fw={700}>Cordwood</Text>
                </Group>
              </Anchor>
            </Group>
            <Group gap="xs" wrap="nowrap">
              <TimeZoneMenu />
              <UserMenu />
              <SchemeSwitch />
            </Group>
          </Group>
        </AppShell.Header>
        <AppShell.Navbar p="xs" component="nav" id={NAVIGATION} aria-label="Pages" mod={{ closed: !opened }}>
          {[...PAGES, ...(mayAdminister ? [SETTINGS] : [])].map(({ href, label, icon: Icon }) => (
            <NavLink
              key={href}
              component={Link}
              href={href}
              label={label}
              leftSection={<Icon size={18} aria-hidden />}
              active={isWithin(pathname, href)}
              aria-current={pathname === href ? "page" : isWithin(pathname, href) || undefined}
              onClick={close}
            />
          ))}
        </AppShell.Navbar>
        <AppShell.Main id={CONTENT} tabIndex={-1} ref={main}>
          <LocalBanner afterClose={() => main.current?.focus()} />
          {children}
        </AppShell.Main>
      </AppShell>
    </TimeZoneProvider>
  );
}

function SchemeSwitch() {
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme("light", { getInitialValueInEffect: true });
  const other = scheme === "dark" ? "light" : "dark";
  return (
    <ActionIcon
      variant="default"
      size="lg"
      onClick={() => setColorScheme(other)}
      aria-label={`Switch to ${other} colours`}
    >
      {scheme === "dark" ? <IconSun size={18} aria-hidden /> : <IconMoon size={18} aria-hidden />}
    </ActionIcon>
  );
}
