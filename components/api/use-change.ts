"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";

/**
 * A change; when it is done, what is shown is fetched anew.
 * @param shown the first part of the keys of the queries that it touches; left out: all
 */
export function useChange<Input, Output>(change: (input: Input) => Promise<Output>, shown?: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: () => client.invalidateQueries(shown === undefined ? {} : { queryKey: [shown] }),
  });
}
