import type { Metadata } from "next";
import { LanguagePage } from "@/components/logs/language-page";

export const metadata: Metadata = { title: "The query language" };

export default function Page() {
  return <LanguagePage />;
}
