"use client";

import { useDebouncedValue } from "@mantine/hooks";

/** Longer than it takes to type the next letter, and too short to be waited for. */
const TYPING_MS = 250;

/** What is typed, once nobody has typed for a moment: so the server is not asked at each letter. */
export const useTyped = <Value>(value: Value): Value => useDebouncedValue(value, TYPING_MS)[0];
