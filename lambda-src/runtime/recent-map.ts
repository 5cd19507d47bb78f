/** A map that forgets: what is too old, and what was not asked for when there is no room left. */
export class RecentMap<T> {
  private readonly entries = new Map<string, { readonly value: T; readonly until: number }>();

  public constructor(private readonly capacity: number) {}

  public get(key: string, now: number): T | undefined {
    const entry = this.entries.get(key);
    if (!entry) return undefined;
    this.entries.delete(key);
    if (entry.until <= now) return undefined;
    this.entries.set(key, entry);
    return entry.value;
  }

  public set(key: string, value: T, until: number): void {
    this.entries.delete(key);
    this.entries.set(key, { value, until });
    if (this.entries.size > this.capacity) this.entries.delete(this.entries.keys().next().value!);
  }
}
