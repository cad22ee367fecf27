import { readFileSync, writeFileSync } from "node:fs";
import { withSenders } from "./docs/senders-section";
import { readOptions } from "./options";

const PAGE = "docs/sending.md";

readOptions("npm run docs --", "Writes the senders of the page How do you log into docs/sending.md.", {});
writeFileSync(PAGE, withSenders(readFileSync(PAGE, "utf8")));
console.log(`${PAGE} is up to date.`);
