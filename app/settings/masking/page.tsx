import type { Metadata } from "next";
import { pageFor } from "@/app/page-for";
import { MaskingPage } from "@/components/settings/masking-page";
import { getRuntime } from "@/core/runtime";
import { getMasking } from "@/core/settings/get-masking";

export const metadata: Metadata = { title: "Masking" };

export default pageFor("administer", async () => <MaskingPage initial={await getMasking(getRuntime())} />);
