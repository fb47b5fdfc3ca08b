/** What the page and the layout worker say to each other. */
import type { Arrange, Arrangement } from "./arrange";
import type { DagShape } from "./model";

/** `graph` comes with the first question about it only; the worker keeps the last few. */
export interface Question {
  id: number;
  graphId: number;
  graph?: DagShape;
  request: Omit<Arrange, "graph">;
}

export interface Answer {
  id: number;
  arrangement: Arrangement;
}

export const GRAPHS_KEPT = 4;
