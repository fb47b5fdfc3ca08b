/** Every page with an address that shows something there; used by the checks of all pages and by `make shots`. */
import type { SeededRuns } from "./test";

export interface Address {
  name: string;
  path(runs: SeededRuns): string;
}

const at = (name: string, path: string): Address => ({ name, path: () => path });
const of = (name: string, path: (runs: SeededRuns) => string): Address => ({ name, path });

export const ADDRESSES: readonly Address[] = [
  at("now", ""),
  at("dags", "dags"),
  at("dags-no-hits", "dags?q=nothing-is-called-like-this"),
  at("dag", "dags/orders_daily"),
  at("dag-runs", "dags/orders_daily/runs"),
  at("dag-calendar", "dags/orders_daily/calendar"),
  at("dag-durations", "dags/orders_daily/durations"),
  at("dag-schedule", "dags/orders_daily/schedule"),
  at("dag-code", "dags/orders_daily/code"),
  at("dag-trigger", "dags/orders_daily/trigger"),
  at("dag-never-ran", "dags/a_dag_whose_name_was_given_by_somebody_who_likes_to_describe_everything_in_full_length_v2"),
  at("dag-injected", "dags/injection"),
  at("dag-missing", "dags/there_is_no_such_dag"),
  at("page-missing", "there_is_no_such_page"),
  at("runs", "runs"),
  of("run-failed", (runs) => `runs/${runs.failed}`),
  of("run-good", (runs) => `runs/${runs.good}`),
  of("run-retried", (runs) => `runs/${runs.retried}`),
  of("run-skipped", (runs) => `runs/${runs.skipped}`),
  of("run-injected", (runs) => `runs/${runs.injected}`),
  of("run-gantt", (runs) => `runs/${runs.good}?view=gantt`),
  of("run-list", (runs) => `runs/${runs.good}?view=list`),
  at("run-missing", "runs/there_is_no_such_run"),
  of("logs", (runs) => `runs/${runs.failed}/logs?task=load`),
  of("logs-injected", (runs) => `runs/${runs.injected}/logs?task=group.say`),
  at("workers", "workers"),
  at("queues", "workers?tab=queues"),
  at("pools", "workers?tab=pools"),
];
