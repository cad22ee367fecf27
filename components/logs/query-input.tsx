"use client";

import { ActionIcon, Box, Combobox, Text, Textarea, Tooltip, useCombobox, useMatches } from "@mantine/core";
import { IconHistory, IconSearch } from "@tabler/icons-react";
import { type KeyboardEvent, type RefObject, useEffect, useState } from "react";
import { plainText } from "@/components/shared/plain-text";
import classes from "./query-input.module.css";
import { queriesWith } from "./remember-query";
import { useQueryHistory } from "./use-query-history";

type QueryInputProps = {
  input: RefObject<HTMLTextAreaElement | null>;
  /** What is asked now. */
  q: string;
  text: string;
  setText(text: string): void;
  /** Whole queries, each with a way to finish what is typed. */
  completions: readonly string[];
  isInvalid: boolean;
  submit(query: string): void;
};

/** Of what was asked before and holds what is typed. */
const MOST_ASKED = 5;
const FORGET = "forget";
/** Where it fits in a line. */
const EXAMPLE = "card declined level>=warning http.status:500";

/**
 * Where the query is typed: in one line, and in more when it gets longer. Enter asks; Shift and Enter begin another line. Arrow Down at its
 * end, or the button, shows what was asked before.
 */
export function QueryInput({ input, q, text, setText, completions, isInvalid, submit }: QueryInputProps) {
  const { queries, remember, forget } = useQueryHistory();
  const [isHistory, setIsHistory] = useState(false);
  /** Id of the option that the keyboard is on. */
  const [activeOption, setActiveOption] = useState<string | null>(null);
  const placeholder = useMatches({ base: "Search", xl: EXAMPLE });
  const options = useCombobox({
    onDropdownClose: () => {
      leaveOptions();
      setIsHistory(false);
    },
  });
  const leaveOptions = () => {
    options.resetSelectedOption();
    setActiveOption(null);
  };
  // However it was asked: typed, by a filter, by a link.
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each query
  useEffect(() => remember(q), [q]);

  const asked = isHistory ? queries : text.trim() === "" ? [] : queriesWith(queries, text).slice(0, MOST_ASKED);
  const offered = isHistory ? [] : completions;
  const isEmpty = asked.length === 0 && offered.length === 0;
  const showHistory = () => {
    setIsHistory(true);
    options.openDropdown();
    input.current?.focus();
  };
  const take = (value: string) => {
    const [kind = "", place = ""] = value.split(" ");
    const query = (kind === "asked" ? asked : offered)[Number(place)];
    options.closeDropdown();
    input.current?.focus();
    if (kind === FORGET) forget();
    if (query === undefined) return;
    setText(query);
    if (kind === "asked") submit(query);
  };
  const isOpen = options.dropdownOpened && !isEmpty;
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    const { selectionStart, value } = event.currentTarget;
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Escape") {
      if (options.dropdownOpened) options.closeDropdown();
      else input.current?.blur();
    }
    if (isOpen && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      setActiveOption(event.key === "ArrowDown" ? options.selectNextOption() : options.selectPreviousOption());
    } else if (event.key === "ArrowDown" && selectionStart === value.length) {
      event.preventDefault();
      showHistory();
    }
    if (event.key !== "Enter") return;
    if (event.shiftKey) return options.closeDropdown();
    event.preventDefault();
    if (isOpen && options.getSelectedOptionIndex() >= 0) return options.clickSelectedOption();
    options.closeDropdown();
    submit(value);
  };
  return (
    <Combobox store={options} onOptionSubmit={take}>
      <Combobox.DropdownTarget>
        <Box>
          <Combobox.EventsTarget withKeyboardNavigation={false} withAriaAttributes={false}>
            <Textarea
              ref={input}
              aria-label="Query"
              aria-autocomplete="list"
              aria-haspopup="listbox"
              aria-controls={isOpen ? (options.listId ?? undefined) : undefined}
              aria-activedescendant={isOpen ? (activeOption ?? undefined) : undefined}
              aria-keyshortcuts="/"
              placeholder={placeholder}
              classNames={{ input: classes.input }}
              autosize
              minRows={1}
              maxRows={6}
              leftSection={<IconSearch size={16} aria-hidden />}
              rightSection={
                <Tooltip label="Asked before">
                  <ActionIcon
                    variant="subtle"
                    color="gray"
                    aria-label="Asked before"
                    // The query keeps the focus.
                    onMouseDown={(event) => event.preventDefault()}
                    onClick={isHistory && options.dropdownOpened ? () => options.closeDropdown() : showHistory}
                  >
                    <IconHistory size={16} aria-hidden />
                  </ActionIcon>
                </Tooltip>
              }
              value={text}
              onChange={(event) => {
                setText(event.currentTarget.value);
                setIsHistory(false);
                leaveOptions();
                options.openDropdown();
              }}
              onKeyDown={onKeyDown}
              onBlur={() => options.closeDropdown()}
              error={isInvalid}
              aria-invalid={isInvalid}
              spellCheck={false}
              autoCapitalize="off"
            />
          </Combobox.EventsTarget>
        </Box>
      </Combobox.DropdownTarget>
      <Combobox.Dropdown hidden={isEmpty && !isHistory}>
        {isEmpty ? (
          <Combobox.Empty role="status">Nothing was asked yet in this browser.</Combobox.Empty>
        ) : (
          <Combobox.Options mah={320} style={{ overflowY: "auto" }} aria-label="Queries">
            {offered.map((query, place) => (
              <Option key={query} value={`offered ${place}`} query={query} />
            ))}
            {asked.length > 0 && (
              <Combobox.Group label="Asked before">
                {asked.map((query, place) => (
                  <Option key={query} value={`asked ${place}`} query={query} />
                ))}
              </Combobox.Group>
            )}
            {isHistory && asked.length > 0 && (
              <Combobox.Option value={FORGET}>
                <Text size="sm" c="dimmed">
                  Forget what was asked
                </Text>
              </Combobox.Option>
            )}
          </Combobox.Options>
        )}
      </Combobox.Dropdown>
    </Combobox>
  );
}

const Option = ({ value, query }: { value: string; query: string }) => (
  <Combobox.Option value={value}>
    <Text size="sm" ff="monospace" lineClamp={2} className={classes.query}>
      {plainText(query)}
    </Text>
  </Combobox.Option>
);
