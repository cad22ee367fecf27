"use client";

import { useEffect, useSyncExternalStore } from "react";
import { leaveToSignIn } from "./sign-in-path";

/** Forms with something typed that is not saved. */
const unsaved = new Set<object>();
const listeners = new Set<() => void>();
let isOver = false;

function setOver(next: boolean): void {
  if (next === isOver) return;
  isOver = next;
  for (const listener of listeners) listener();
}

/** Keeps the page from being left by itself, as something is typed in it. @returns what ends that */
export function holdUnsaved(): () => void {
  const one = {};
  unsaved.add(one);
  return () => {
    unsaved.delete(one);
    // Nothing typed is left to be saved; what is asked next says again that nobody is signed in.
    if (unsaved.size === 0) setOver(false);
  };
}

/** A form says whether something is typed in it that is not saved. */
export function useUnsaved(isUnsaved: boolean): void {
  useEffect(() => (isUnsaved ? holdUnsaved() : undefined), [isUnsaved]);
}

/** What the page asked for was refused, as nobody is signed in: it leaves to sign in, unless something typed would be lost. */
export function sessionEnded(): void {
  if (unsaved.size === 0) leaveToSignIn();
  else setOver(true);
}

/** What the page asked for was answered. */
export const sessionIsThere = (): void => setOver(false);

export const isSessionOver = (): boolean => isOver;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

export const useSessionOver = (): boolean => useSyncExternalStore(subscribe, isSessionOver, () => false);
