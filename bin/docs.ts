import { readFileSync, writeFileSync } from "node:fs";
import { apiDescriptionText, DESCRIPTION_FILE } from "./docs/api-description";
import { withSenders } from "./docs/senders-section";
import { readOptions } from "./options";

const PAGE = "docs/sending.md";

readOptions(
  "npm run docs --",
  `Writes the senders of the page How do you log into ${PAGE}, and the description of the API into ${DESCRIPTION_FILE}.`,
  {},
);
writeFileSync(PAGE, withSenders(readFileSync(PAGE, "utf8")));
writeFileSync(DESCRIPTION_FILE, await apiDescriptionText());
console.log(`${PAGE} and ${DESCRIPTION_FILE} are up to date.`);
// What the routes import may hold the process up.
process.exit();
