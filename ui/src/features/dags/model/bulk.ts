/** Does one thing to many, a few at a time; one that fails does not stop the others. Pure but for the work itself. */

export interface Outcome {
  done: number;
  total: number;
  failed: readonly { id: string; why: string }[];
}

const AT_ONCE = 4;

export async function forAll(
  ids: readonly string[],
  work: (id: string) => Promise<unknown>,
  whyOf: (error: unknown) => string,
  tell: (outcome: Outcome) => void,
): Promise<Outcome> {
  const waiting = [...ids];
  const failed: { id: string; why: string }[] = [];
  let done = 0;
  const outcome = (): Outcome => ({ done, total: ids.length, failed: [...failed] });
  const workOn = async () => {
    for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
      try {
        await work(id);
      } catch (error) {
        failed.push({ id, why: whyOf(error) });
      }
      done += 1;
      tell(outcome());
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, ids.length) }, workOn));
  return outcome();
}
