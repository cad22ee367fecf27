import { useRef, useState } from "react";

type Pointed = { activeLabel?: string | number };
type Dragged = { first: string; last: string };

/**
 * A drag over a chart's steps, each of which has a label: what it covers by now, and what the chart is given to tell it. `end` is called with the labels of the
 * first and the last step, in no order, and with the same twice for a click. A drag ends wherever the button is let go.
 *
 * The labels are taken as the pointer moves, without waiting for a frame or for React: a quick drag would end short of where the button was let go.
 */
export function useStepDrag(end: (first: string, last: string) => void, isClickOnly = false) {
  const [shown, setShown] = useState<Dragged | null>(null);
  const dragged = useRef<Dragged | null>(null);
  const latestEnd = useRef(end);
  latestEnd.current = end;
  const set = (to: Dragged | null) => {
    dragged.current = to;
    setShown(to);
  };
  const onUp = () => {
    const ends = dragged.current;
    set(null);
    if (ends) latestEnd.current(ends.first, ends.last);
  };
  return {
    dragged: shown,
    chartProps: {
      throttledEvents: [],
      onMouseDown: ({ activeLabel }: Pointed, { button }: { button: number }) => {
        if (activeLabel === undefined || button !== 0) return;
        set({ first: String(activeLabel), last: String(activeLabel) });
        window.addEventListener("mouseup", onUp, { once: true });
      },
      onMouseMove: ({ activeLabel }: Pointed) => {
        const before = dragged.current;
        if (!before || isClickOnly || activeLabel === undefined || String(activeLabel) === before.last) return;
        set({ ...before, last: String(activeLabel) });
      },
    },
  };
}
