/** Keys are checked by the compiler: a key that no English catalogue has does not build. One line a catalogue. */
import "i18next";
import type capacity from "./en/capacity.json";
import type dag from "./en/dag.json";
import type dags from "./en/dags.json";
import type graph from "./en/graph.json";
import type logs from "./en/logs.json";
import type now from "./en/now.json";
import type palette from "./en/palette.json";
import type reasons from "./en/reasons.json";
import type run from "./en/run.json";
import type runs from "./en/runs.json";
import type shell from "./en/shell.json";
import type waiting from "./en/waiting.json";
import type words from "./en/words.json";
import type workers from "./en/workers.json";

declare module "i18next" {
  interface CustomTypeOptions {
    defaultNS: "words";
    resources: {
      capacity: typeof capacity;
      waiting: typeof waiting;
      workers: typeof workers;
      graph: typeof graph;
      logs: typeof logs;
      now: typeof now;
      dag: typeof dag;
      dags: typeof dags;
      runs: typeof runs;
      palette: typeof palette;
      reasons: typeof reasons;
      run: typeof run;
      shell: typeof shell;
      words: typeof words;
    };
  }
}
