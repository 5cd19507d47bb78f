/**
 * How many items a request may hold. A refused request is halved, down to the guilty item; where the quota's share is too small to finish that
 * within one invocation, the next one starts with what the last refusal left, so that it always gets further. Taken requests double it again.
 */
export class Room {
  public items: number;

  public constructor(private readonly most: number) {
    this.items = most;
  }

  public refused(items: number): void {
    this.items = Math.max(1, Math.min(this.items, Math.ceil(items / 2)));
  }

  public taken(items: number): void {
    if (items >= this.items) this.items = Math.min(this.most, 2 * this.items);
  }
}
