"use client";

import { Combobox, TextInput, useCombobox, VisuallyHidden } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useEffect, useId, useRef, useState } from "react";
import { SENDER_GROUPS, type Sender } from "@/core/senders/sender";
import { findSenders } from "@/core/senders/senders";
import classes from "./choose-sender.module.css";

type ChooseSenderProps = { chosen: string; choose: (id: string) => void };

/** The senders, with a field that finds among them: arrows go through the list, Enter takes one. */
export function ChooseSender({ chosen, choose }: ChooseSenderProps) {
  const [search, setSearch] = useState("");
  /** The field was typed in since the arrows last moved in the list. */
  const [isTyped, setTyped] = useState(false);
  const listId = useId();
  // It is always there: it is no dropdown.
  const combobox = useCombobox({ opened: true });
  const list = useRef<HTMLDivElement>(null);
  const found = findSenders(search);
  const groups = SENDER_GROUPS.map((group) => ({ group, senders: found.filter((sender) => sender.group === group) }));
  const [first] = groups.flatMap(({ senders }) => senders);
  const optionId = (sender: Sender) => `${listId}${sender.id}`;

  // What is chosen is in sight from the beginning, without moving the page.
  // biome-ignore lint/correctness/useExhaustiveDependencies: looked at again when another one is chosen
  useEffect(() => {
    const { current } = list;
    const option = current?.querySelector<HTMLElement>("[data-combobox-active]");
    if (!current || !option) return;
    const isInSight =
      option.offsetTop >= current.scrollTop &&
      option.offsetTop + option.offsetHeight <= current.scrollTop + current.clientHeight;
    if (!isInSight) current.scrollTop = option.offsetTop - current.clientHeight / 3;
  }, [chosen]);

  return (
    <Combobox
      store={combobox}
      onOptionSubmit={(id) => {
        choose(id);
        combobox.updateSelectedOptionIndex();
      }}
    >
      {/* Said here, because Mantine knows the list only once it runs in the browser, and goes on with what it had selected in another. */}
      <Combobox.EventsTarget
        withExpandedAttribute
        aria-controls={listId}
        aria-expanded
        {...(isTyped && { "aria-activedescendant": search !== "" && first ? optionId(first) : "" })}
      >
        <TextInput
          label="Find yours"
          placeholder="python, k8s, loki, drain"
          leftSection={<IconSearch size={16} aria-hidden />}
          value={search}
          onChange={({ currentTarget: { value } }) => {
            setSearch(value);
            setTyped(true);
            // What Enter takes is the first that was found.
            combobox.resetSelectedOption();
            if (value !== "") setTimeout(() => combobox.selectFirstOption());
          }}
          onKeyDown={({ key }) => {
            if (key.startsWith("Arrow")) setTyped(false);
          }}
        />
      </Combobox.EventsTarget>
      <VisuallyHidden role="status">{search === "" ? "" : `${found.length} found`}</VisuallyHidden>
      <Combobox.Options id={listId} ref={list} className={classes.list} aria-label="Ways to send" mt="xs">
        {groups.map(({ group, senders }) =>
          senders.length === 0 ? null : (
            <Combobox.Group key={group} label={group}>
              {senders.map((sender) => (
                <Combobox.Option
                  key={sender.id}
                  id={optionId(sender)}
                  value={sender.id}
                  active={sender.id === chosen}
                  className={classes.option}
                >
                  {sender.name}
                </Combobox.Option>
              ))}
            </Combobox.Group>
          ),
        )}
        {found.length === 0 && (
          <Combobox.Option value="" disabled>
            None of that name. OpenTelemetry, syslog and curl do for most.
          </Combobox.Option>
        )}
      </Combobox.Options>
    </Combobox>
  );
}
