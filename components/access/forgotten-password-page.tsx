"use client";

import { Alert, Anchor, TextInput } from "@mantine/core";
import Link from "next/link";
import { useState } from "react";
import { resetRequestSchema } from "@/core/access/schemas";
import { AccessCard } from "./access-card";
import { AccessForm } from "./access-form";

export function ForgottenPasswordPage() {
  const [isSent, setIsSent] = useState(false);
  return (
    <AccessCard title="A new password">
      {isSent ? (
        <Alert color="green" role="status">
          If there is an account of this address, a mail with a link is on its way to it.
        </Alert>
      ) : (
        <AccessForm
          path="password/reset-request"
          initial={{ email: "" }}
          schema={resetRequestSchema}
          label="Send me a link"
          done={() => setIsSent(true)}
        >
          {(form) => (
            <TextInput label="E-mail address" type="email" autoComplete="username" {...form.getInputProps("email")} />
          )}
        </AccessForm>
      )}
      <Anchor component={Link} href="/sign-in" size="sm">
        Back to sign in
      </Anchor>
    </AccessCard>
  );
}
