import type { Metadata } from "next";
import { pageFor } from "@/app/page-for";
import { LanguagePage } from "@/components/logs/language-page";

export const metadata: Metadata = { title: "The query language" };

export default pageFor("read", () => {
  return <LanguagePage />;
});
