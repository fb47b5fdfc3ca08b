/** The keys of the page: R E [ ] 1 2 3 W F C Shift+C. */
import { useNavigate } from "@tanstack/react-router";
import { useKeys } from "../../../ui/use-keys";
import { VIEWS } from "../model/place";
import type { RunStory } from "../model/types";
import type { Go } from "./use-place";

interface RunKeys {
  story: RunStory;
  /** The task that is looked at. */
  task: string;
  go: Go;
  onCopy: (form: "cli" | "curl") => void;
  onAsk: () => void;
  /** A dialog is open: it has the keys. */
  isOpen: boolean;
}

export function useRunKeys({ story, task, go, onCopy, onAsk, isOpen }: RunKeys): void {
  const navigate = useNavigate();
  const toRun = (run: string | null | undefined) => {
    if (run) void navigate({ to: "/runs/$run", params: { run }, search: {} });
  };
  const toView = (at: number) => () => {
    const view = VIEWS[at];
    if (view) go({ view });
  };
  const root = story.roots[0]?.task_id;
  const toError = () => {
    if (root) go({ task: root, attempt: undefined });
    requestAnimationFrame(() => document.querySelector("[data-error]")?.scrollIntoView({ block: "center" }));
  };
  const toPrevious = () => toRun(story.previous_run_id);
  const toNext = () => toRun(story.next_run_id);
  const askWhy = () =>
    void navigate({
      to: ".",
      search: (old: Record<string, string | undefined>) => ({ ...old, why: task }),
      replace: true,
    });
  const follow = () =>
    void navigate({ to: "/runs/$run/logs", params: { run: story.run.run_id }, search: { follow: "1" } });
  const copyCli = () => onCopy("cli");
  const copyCurl = () => onCopy("curl");
  useKeys(
    {
      KeyR: onAsk,
      KeyE: toError,
      BracketLeft: toPrevious,
      BracketRight: toNext,
      Digit1: toView(0),
      Digit2: toView(1),
      Digit3: toView(2),
      KeyW: askWhy,
      KeyF: follow,
      KeyC: copyCli,
      "Shift+KeyC": copyCurl,
    },
    { enabled: !isOpen },
  );
}
