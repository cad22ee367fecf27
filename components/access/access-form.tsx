"use client";

import { Alert, Button, Stack } from "@mantine/core";
import { schemaResolver, type UseFormReturnType, useForm } from "@mantine/form";
import type { ReactNode } from "react";
import type { z } from "zod";
import { usePost } from "@/components/api/use-access";
import { showErrors } from "@/components/shared/show-errors";

type Values = Record<string, string>;

type AccessFormProps<V extends Values> = {
  /** Under /api/access. */
  path: string;
  initial: V;
  schema: z.ZodType;
  /** Of the button. */
  label: string;
  done: () => void;
  /** Sent beside what is filled in. */
  extra?: () => Values;
  children: (form: UseFormReturnType<V>) => ReactNode;
};

/** A form that is sent once, and leads on when it was right. */
export function AccessForm<V extends Values>({
  path,
  initial,
  schema,
  label,
  done,
  extra,
  children,
}: AccessFormProps<V>) {
  const post = usePost(path);
  const resolve = schemaResolver(schema, { sync: true });
  const all = (values: V) => ({ ...values, ...extra?.() });
  const form = useForm<V>({ initialValues: initial, validate: (values) => resolve(all(values)) });
  const submit = form.onSubmit((values) =>
    post.mutate(all(values), {
      onSuccess: done,
      onError: showErrors(form),
    }),
  );
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        {post.error && (
          <Alert color="red" role="alert">
            {post.error.message}
          </Alert>
        )}
        {children(form)}
        <Button type="submit" loading={post.isPending || post.isSuccess} fullWidth>
          {label}
        </Button>
      </Stack>
    </form>
  );
}
