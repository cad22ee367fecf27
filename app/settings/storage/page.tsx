import type { Metadata } from "next";
import { pageFor } from "@/app/page-for";
import { StoragePage } from "@/components/settings/storage-page";
import { getRuntime } from "@/core/runtime";
import { getStorage } from "@/core/segments/storage/get-storage";
import { STORAGE_ROWS } from "@/core/segments/storage/schemas";

export const metadata: Metadata = { title: "Storage" };

export default pageFor("administer", async () => (
  <StoragePage initial={await getStorage(getRuntime(), { limit: STORAGE_ROWS, daysOffset: 0, servicesOffset: 0 })} />
));
