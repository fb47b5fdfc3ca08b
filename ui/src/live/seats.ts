/** Who may keep an answer of the server open: browsers give a server six connections, and pages need most of them. Pure. */

/** One more connection is the live stream's; at least two stay for everything else. */
export const SEATS = 3;

/** The newest wish is met at once; the oldest seat is given up for it, and got back when another one is left. */
export class Seats<Holder> {
  private readonly seated = new Set<Holder>();
  private readonly standing = new Set<Holder>();

  /** Whom to tell to leave, if anybody. */
  take(one: Holder): Holder | undefined {
    this.standing.delete(one);
    this.seated.delete(one);
    this.seated.add(one);
    if (this.seated.size <= SEATS) return undefined;
    const [oldest] = this.seated;
    if (oldest === undefined) return undefined;
    this.seated.delete(oldest);
    this.standing.add(oldest);
    return oldest;
  }

  /** Whom to tell to sit down now, if anybody. */
  leave(one: Holder): Holder | undefined {
    this.standing.delete(one);
    if (!this.seated.delete(one)) return undefined;
    const newest = [...this.standing].at(-1);
    if (newest === undefined) return undefined;
    this.standing.delete(newest);
    this.seated.add(newest);
    return newest;
  }
}
