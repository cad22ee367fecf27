"use client";

import { Alert, Anchor, Text } from "@mantine/core";
import Link from "next/link";
import { useState } from "react";
import { resetInputSchema } from "@/core/access/schemas";
import { AccessCard } from "./access-card";
import { AccessForm } from "./access-form";
import { NewPasswordInput } from "./new-password-input";
import { tokenOfLink } from "./token-of-link";

export function NewPasswordPage() {
  const [isSet, setIsSet] = useState(false);
  return (
    <AccessCard title="A new password">
      {isSet ? (
        <Alert color="green" role="status">
          It is set, and you are signed out everywhere.
        </Alert>
      ) : (
        <AccessForm
          path="password/reset"
          initial={{ password: "" }}
          schema={resetInputSchema}
          extra={() => ({ token: tokenOfLink() })}
          label="Set the password"
          done={() => setIsSet(true)}
        >
          {(form) => (
            <>
              <NewPasswordInput label="New password" {...form.getInputProps("password")} />
              {form.errors.token && <Text c="red">This link is not complete or was used: ask for another.</Text>}
            </>
          )}
        </AccessForm>
      )}
      <Anchor component={Link} href="/sign-in" size="sm">
        Sign in
      </Anchor>
    </AccessCard>
  );
}
