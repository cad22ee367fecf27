-- Nothing asks for them again, and they were not sealed.
UPDATE "logs"."accounts" SET "id_token" = NULL WHERE "id_token" IS NOT NULL;
