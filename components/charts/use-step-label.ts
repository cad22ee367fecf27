import { useClocks } from "@/components/time-zone/time-zone";
import { DAY_MS, MINUTE_MS } from "@/core/clock";
import type { Shape } from "./shape";

/** How a step is called by the clocks that pages show: below an axis in short, elsewhere in full. */
export function useStepLabel({ isOverTime, steps }: Shape): (label: string, where: "axis" | "full") => string {
  const { format } = useClocks();
  if (!isOverTime) return (label) => label;
  const first = steps[0]?.time;
  const stepMs = first ? Date.parse(first.to) - Date.parse(first.from) : 0;
  const short =
    stepMs >= DAY_MS
      ? "MMM d"
      : stepMs < MINUTE_MS
        ? "HH:mm:ss"
        : stepMs * steps.length > DAY_MS
          ? "MMM d HH:mm"
          : "HH:mm";
  return (label, where) => format(label, where === "axis" ? short : "MMM d HH:mm:ss");
}
