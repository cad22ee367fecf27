import { Badge } from "@mantine/core";
import { LEVEL_COLOURS } from "@/components/theme";
import type { Level } from "@/core/levels";

/** The level's name beside its colour, so that neither is needed to read the other. */
export function LevelBadge({ level }: { level: Level }) {
  return (
    <Badge variant="dot" color={LEVEL_COLOURS[level]} tt="none" miw="max-content">
      {level}
    </Badge>
  );
}
