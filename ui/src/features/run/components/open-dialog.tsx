/** The questions of the run's page; their code comes when the first one is asked. */
import type { Order } from "../model/orders";
import type { DialogName } from "./actions";
import { AskDialog, CancelDialog, MarkDialog } from "./dialogs";

interface OpenDialogProps {
  dialog: DialogName | null;
  onClose: () => void;
  run: string;
  task: string;
  order: Order | null;
  running: number;
  onRetry: (tasks: readonly string[], downstream: boolean) => void;
}

export default function OpenDialog({ dialog, onClose, run, task, order, running, onRetry }: OpenDialogProps) {
  return (
    <>
      <AskDialog opened={dialog === "ask"} onClose={onClose} order={order} onRetry={onRetry} />
      <CancelDialog opened={dialog === "cancel"} onClose={onClose} run={run} running={running} />
      <MarkDialog opened={dialog === "mark"} onClose={onClose} run={run} task={task} />
    </>
  );
}
