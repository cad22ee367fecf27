class Abandoned extends Error {}

/**
 * Turns work that gives items one by one, such as in a transaction, into a generator. `give` resolves when the next one is
 * wanted, and throws when none will be, so that the work ends.
 * @throws what `work` throws
 */
export async function* generate<Item>(
  work: (give: (item: Item) => Promise<void>) => Promise<void>,
): AsyncGenerator<Item> {
  const given: { item: Item; taken(): void; abandoned(): void }[] = [];
  let wake = () => {};
  let isOver = false;
  const outcome = work(
    (item) =>
      new Promise((taken, reject) => {
        given.push({ item, taken, abandoned: () => reject(new Abandoned()) });
        wake();
      }),
  ).then(
    () => null,
    (error: unknown) => ({ error }),
  );
  const over = outcome.then(() => {
    isOver = true;
    wake();
  });
  try {
    for (;;) {
      if (given.length === 0 && !isOver) await new Promise<void>((resolve) => (wake = resolve));
      const next = given[0];
      if (!next) break;
      yield next.item;
      given.shift();
      next.taken();
    }
  } finally {
    for (const { abandoned } of given.splice(0)) abandoned();
    await over;
  }
  const failure = await outcome;
  if (failure) throw failure.error;
}
