/** What the list of DAGs asks for; the same question is asked before its code has come. */

export const BARS = 30;

export const LIST = { limit: 60, runs: BARS, order: "attention" } as const;
