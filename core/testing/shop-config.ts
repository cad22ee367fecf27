import { createConfig } from "@/core/alerts/configs/create-config";
import { alertConfigInputSchema } from "@/core/alerts/schemas";
import type { TestDatabase } from "./test-database";

/** Watches the service shop: more than two errors or five warnings a minute. @param given what is otherwise */
export const configureShop = (context: TestDatabase, given: object) =>
  createConfig(
    context,
    alertConfigInputSchema.parse({
      service: "shop",
      error_threshold_per_min: 2,
      warning_threshold_per_min: 5,
      ...given,
    }),
  );
