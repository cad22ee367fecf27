import { ApiError } from "@/components/api/fetch-data";

/** Puts what the API says of fields beside them. @returns what a change calls when it was refused */
export const showErrors =
  (form: { setErrors(errors: Record<string, string>): void }) =>
  (error: Error): void => {
    if (error instanceof ApiError) form.setErrors({ ...error.fields });
  };
