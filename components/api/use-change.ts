"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { isConflict } from "./fetch-data";

/**
 * A change; when it is done, or refused as somebody else was first, what is shown is fetched anew.
 * @param shown the first part of the keys of the queries that it touches; left out: all
 */
export function useChange<Input, Output>(change: (input: Input) => Promise<Output>, shown?: string) {
  const client = useQueryClient();
  const fetchAnew = () => client.invalidateQueries(shown === undefined ? {} : { queryKey: [shown] });
  return useMutation({
    mutationFn: change,
    onSuccess: fetchAnew,
    onError: (error) => (isConflict(error) ? fetchAnew() : undefined),
  });
}
