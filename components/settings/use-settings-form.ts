import type { UseFormReturnType } from "@mantine/form";
import type { UseMutationResult } from "@tanstack/react-query";
import { focusFirstError } from "@/components/shared/focus-first-error";
import { showErrors } from "@/components/shared/show-errors";
import { useStoredForm } from "@/components/shared/use-stored-form";

/**
 * A form of settings that keeps to what is stored (useStoredForm), and saves it as what it was made from.
 * @param stored what is stored, as the form has it
 * @param inputOf what is sent of the form's values
 */
export function useSettingsForm<Values extends Record<string, unknown>>(
  form: UseFormReturnType<Values>,
  stored: { values: Values; updatedAt: string | null },
  change: UseMutationResult<{ updated_at: string | null }, Error, unknown>,
  inputOf: (values: Values) => object,
) {
  const { isDirty, madeFrom, saved, showStored } = useStoredForm(form, stored, change);
  const submit = form.onSubmit((values) => {
    const body = { ...inputOf(values), updated_at: madeFrom };
    change.mutate(body, { onSuccess: ({ updated_at }) => saved(values, updated_at), onError: showErrors(form) });
  }, focusFirstError(form));
  return { isDirty, showStored, submit };
}
