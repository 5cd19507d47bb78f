/** What is remembered at most: several batches of a stream. Each of the two generations holds half of it. */
const MAX_REMEMBERED = 50_000;

/**
 * Ids of what has been delivered from this execution environment. A batch of which a part was delivered comes again as a whole; what
 * is remembered of it is not sent twice. In two generations, as that forgets without a list of ages.
 */
export class Delivered {
  private recent = new Set<string>();
  private older = new Set<string>();

  public constructor(private readonly capacity = MAX_REMEMBERED) {}

  public has(id: string): boolean {
    return this.recent.has(id) || this.older.has(id);
  }

  public add(id: string): void {
    if (this.recent.size >= this.capacity / 2) {
      this.older = this.recent;
      this.recent = new Set();
    }
    this.recent.add(id);
  }
}
