/** A tab's answers that stay open: each is read while the tab is looked at and while the browser has a seat for it. */
import type { FromTab } from "./events";

/** Begins to read; the signal ends it. Called anew with every turn. */
export type Read = (signal: AbortSignal) => void;

interface Held {
  read: Read;
  turn: AbortController | null;
}

export class Turns {
  private readonly held = new Map<number, Held>();
  private last = 0;

  constructor(private readonly say: (message: FromTab & { kind: "take" | "leave" }) => void) {
    document.addEventListener("visibilitychange", () => (document.hidden ? this.rest() : this.wish()));
    // Of several windows in view the one that is used reads on.
    addEventListener("focus", () => this.wish());
    addEventListener("pointerdown", () => this.wish());
  }

  /** Returns how to give it up. */
  hold(read: Read): () => void {
    this.last += 1;
    const id = this.last;
    this.held.set(id, { read, turn: null });
    if (!document.hidden) this.say({ kind: "take", id });
    return () => {
      this.end(id);
      if (this.held.delete(id)) this.say({ kind: "leave", id });
    };
  }

  /** Asks for a turn for all that have none. */
  wish(): void {
    if (document.hidden) return;
    for (const [id, one] of this.held) if (!one.turn) this.say({ kind: "take", id });
  }

  begin(id: number): void {
    const one = this.held.get(id);
    if (!one || one.turn || document.hidden) return;
    one.turn = new AbortController();
    one.read(one.turn.signal);
  }

  end(id: number): void {
    const one = this.held.get(id);
    one?.turn?.abort();
    if (one) one.turn = null;
  }

  private rest(): void {
    for (const id of this.held.keys()) {
      this.end(id);
      this.say({ kind: "leave", id });
    }
  }
}
