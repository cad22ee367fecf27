import { mkdtempSync, statSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createConfig } from "@/core/alerts/configs/create-config";
import { sealWebhookSecrets } from "@/core/alerts/configs/webhook-secret";
import { alertConfigInputSchema } from "@/core/alerts/schemas";
import { testDatabase } from "@/core/testing/test-database";
import { alertConfigs } from "@/db/schema";
import { checkSecret } from "./check-secret";
import { loadSecret } from "./load-secret";
import { SealError, SecretBox } from "./secret-box";

const context = testDatabase("2026-01-01T12:00:00Z");
const box = new SecretBox("one secret that is long enough to be one");

describe("a sealed text", () => {
  test("given any text, then it opens as it was, and is another each time that it is sealed", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const sealed = box.seal(text, "tests");
        expect(box.open(sealed, "tests")).toBe(text);
        expect(box.seal(text, "tests")).not.toBe(sealed);
      }),
    );
  });

  test("given another secret, another use, or one changed character, then it does not open", () => {
    const sealed = box.seal("whsec_abc", "tests");
    const middle = sealed.length - 10;
    const other = sealed[middle] === "A" ? "B" : "A";
    const changed = `${sealed.slice(0, middle)}${other}${sealed.slice(middle + 1)}`;

    expect(() => new SecretBox("another secret, which is as long as that").open(sealed, "tests")).toThrow(SealError);
    expect(() => box.open(sealed, "another use")).toThrow(SealError);
    expect(() => box.open(changed, "tests")).toThrow(SealError);
    expect(() => box.open("whsec_abc", "tests")).toThrow(SealError);
    expect(() => box.open("sealed1.AAAA", "tests")).toThrow(SealError);
  });
});

describe("the secret of an installation", () => {
  test("given a new data folder, then one is made that only its owner may read, and kept", async () => {
    const folder = path.join(mkdtempSync(path.join(os.tmpdir(), "cordwood-secret-")), "data");

    const secrets = await Promise.all([loadSecret(null, folder), loadSecret(null, folder)]);

    expect(secrets[0]).toMatch(/^[0-9a-f]{64}$/);
    expect(secrets[1]).toBe(secrets[0]);
    expect(await loadSecret(null, folder)).toBe(secrets[0]);
    expect(statSync(path.join(folder, "secret")).mode & 0o777).toBe(0o600);
  });

  test.each(["", "\n", "\0\0\0"])(
    "given a file with %j, then it is no secret, and it is said what to do",
    async (lost) => {
      const folder = mkdtempSync(path.join(os.tmpdir(), "cordwood-secret-"));
      writeFileSync(path.join(folder, "secret"), lost);

      await expect(loadSecret(null, folder)).rejects.toThrow(`The secret in ${path.join(folder, "secret")} is lost`);
    },
  );

  test("given CORDWOOD_SECRET, then the data folder's is not used", async () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), "cordwood-secret-"));
    writeFileSync(path.join(folder, "secret"), "of the folder");

    expect(await loadSecret("of the environment", folder)).toBe("of the environment");
  });

  test("given a database that another secret sealed, then the start fails instead of the first alert", async () => {
    const warnings: string[] = [];
    const logger = { warn: (_facts: unknown, text: string) => void warnings.push(text) };
    const other = new SecretBox("another secret, which is as long as that");
    await checkSecret({ ...context, logger, secrets: box });
    await checkSecret({ ...context, logger, secrets: box });
    expect(warnings).toEqual([]);

    // Nothing is sealed with it yet.
    await checkSecret({ ...context, logger, secrets: other });
    await checkSecret({ ...context, logger, secrets: box });
    expect(warnings).toHaveLength(2);

    const input = {
      service: "till",
      error_threshold_per_min: 1,
      warning_threshold_per_min: 1,
      webhook_secret: "s3cret",
    };
    await createConfig({ ...context, secrets: box }, alertConfigInputSchema.parse(input));
    await expect(checkSecret({ ...context, logger, secrets: other })).rejects.toThrow(SealError);
    await expect(checkSecret({ ...context, logger, secrets: box })).resolves.toBeUndefined();
    await context.db.delete(alertConfigs);
  });
});

describe("a webhook's secret", () => {
  const stored = async () => (await context.db.select().from(alertConfigs)).map(({ webhookSecret }) => webhookSecret);

  test("given an alert with one, then the database has it sealed only", async () => {
    const input = {
      service: "shop",
      error_threshold_per_min: 1,
      warning_threshold_per_min: 1,
      webhook_secret: "s3cret",
    };
    await createConfig(context, alertConfigInputSchema.parse(input));

    const [secret] = await stored();
    expect(secret).not.toContain("s3cret");
    expect(context.secrets.open(secret ?? "", "webhook secret")).toBe("s3cret");
  });

  test("given one from before secrets were sealed, then the start seals it, once", async () => {
    await context.db.update(alertConfigs).set({ webhookSecret: "of old" });

    await sealWebhookSecrets(context);
    const [sealed] = await stored();
    await sealWebhookSecrets(context);

    expect(context.secrets.open(sealed ?? "", "webhook secret")).toBe("of old");
    expect(await stored()).toEqual([sealed]);
  });
});
