"use client";

import { ActionIcon, Menu } from "@mantine/core";
import { IconDots } from "@tabler/icons-react";
import Link from "next/link";
import { ARRANGEMENTS, type Arrangement } from "./arrange";

const Target = ({ title }: { title: string }) => (
  <Menu.Target>
    <ActionIcon variant="subtle" color="gray" size={28} aria-label={`Menu of ${title}`}>
      <IconDots size={16} aria-hidden />
    </ActionIcon>
  </Menu.Target>
);

type ViewMenuProps = {
  title: string;
  /** The page with the lines behind the panel; null: there is none. */
  explorer: string | null;
  isAlone: boolean;
  showAlone(): void;
};

/** What can be done with a panel that is looked at. */
export function ViewMenu({ title, explorer, isAlone, showAlone }: ViewMenuProps) {
  return (
    <Menu position="bottom-end">
      <Target title={title} />
      <Menu.Dropdown>
        <Menu.Item onClick={showAlone}>{isAlone ? "Show all panels" : "Show this alone"}</Menu.Item>
        {explorer !== null && (
          <Menu.Item component={Link} href={explorer}>
            Open in Logs
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}

type EditMenuProps = {
  title: string;
  edit(): void;
  copy: (() => void) | null;
  remove(): void;
  arrange(how: Arrangement): void;
};

/** What can be done with a panel that is changed; also what can be dragged, for who doesn't drag. */
export function EditMenu({ title, edit, copy, remove, arrange }: EditMenuProps) {
  return (
    <Menu position="bottom-end">
      <Target title={title} />
      <Menu.Dropdown>
        <Menu.Item onClick={edit}>Change</Menu.Item>
        {copy && <Menu.Item onClick={copy}>Copy</Menu.Item>}
        <Menu.Item color="red" onClick={remove}>
          Take out
        </Menu.Item>
        <Menu.Divider />
        {ARRANGEMENTS.map(({ name, label }) => (
          <Menu.Item key={name} closeMenuOnClick={false} onClick={() => arrange(name)}>
            {label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
