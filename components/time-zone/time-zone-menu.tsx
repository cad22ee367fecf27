"use client";

import { Button, Menu, Text } from "@mantine/core";
import { IconWorld } from "@tabler/icons-react";
import { useTimeZone } from "./time-zone";

/** In which zone times are shown, and the switch to another. */
export function TimeZoneMenu() {
  const { zone, own, choose } = useTimeZone();
  const zones = [...new Set([...(own === null ? [] : [own]), "UTC", zone])];
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="default" px="xs" aria-label={labelOf(zone)}>
          <IconWorld size={16} aria-hidden />
          <Text size="sm" ml="xs" visibleFrom="sm">
            {shortName(zone)}
          </Text>
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.RadioGroup value={zone} onChange={choose}>
          {zones.map((name) => (
            <Menu.RadioItem key={name} value={name} closeMenuOnClick>
              {name}
              <Text size="xs" c="dimmed">
                {reasonOf(name, own)}
              </Text>
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
      </Menu.Dropdown>
    </Menu>
  );
}

const labelOf = (zone: string) => `Times in ${shortName(zone)}${shortName(zone) === zone ? "" : ` (${zone})`}`;

/** The place of a zone, such as New York. */
const shortName = (zone: string) => (zone.split("/").at(-1) ?? zone).replaceAll("_", " ");

function reasonOf(zone: string, own: string | null): string {
  if (zone === own) return "of this browser";
  return zone === "UTC" ? "the same everywhere" : "of the link that led here";
}
