import { randomUUID } from 'node:crypto';
import type { Profile } from '@aws-sdk/client-customer-profiles';
import { BadRequest, NotFound } from './errors';
import { checkObjectType, FieldSpec, KeySpec, ObjectTypeSpec } from './object-type';
import { checkValues, parse, Source, valueOf, valuesOf } from './object-values';
import type { ProfileChange } from './profile-stream';
import { checkSegment, segmentContent, SegmentContent, SegmentSpec } from './segment';
import { USER_KEY } from '../../../src/contract/profile-fields';

/** "Shortly afterward": how long is not published. Long enough that whoever reads at once what was written sees the old state. */
export const VISIBLE_AFTER_MILLIS = 150;

/** Objects of a profile, of all types together. @see https://docs.aws.amazon.com/connect/latest/adminguide/amazon-connect-service-limits.html */
const MAX_OBJECTS = 1000;

interface StoredObject {
  readonly type: string;
  readonly unique: string;
  readonly profileId: string;
  readonly source: Source;
}

interface Pending {
  readonly at: number;
  readonly type: ObjectTypeSpec;
  readonly source: Source;
}

type Stored = { -readonly [K in keyof Profile]: Profile[K] } & { ProfileId: string };

/**
 * One domain: objects are checked when they come and applied later, each to the profile that its keys lead to. An object replaces
 * that of the same unique key; the profile accumulates what objects say, and an empty value says nothing. Identity resolution is off.
 * @see https://docs.aws.amazon.com/connect/latest/adminguide/how-object-type-mapping-works.html
 */
export class Domain {
  public readonly profiles = new Map<string, Stored>();
  /** What was taken and then led to no profile: the service puts it into the domain's dead-letter queue. */
  public readonly rejected: { readonly objectType: string; readonly reason: string }[] = [];
  /** Tells the domain's event stream, if it has one. */
  public publish?: (changes: readonly ProfileChange[]) => void;
  /** Objects that were taken, and those that have been applied or rejected. */
  public taken = 0;
  public over = 0;
  private readonly types = new Map<string, ObjectTypeSpec>();
  private readonly definitions = new Map<string, SegmentSpec>();
  /** In the order of their coming. */
  private readonly stored = new Map<string, StoredObject>();
  /** Key name → value → profiles. */
  private readonly index = new Map<string, Map<string, Set<string>>>();
  private pending: Pending[] = [];

  public constructor(public readonly name: string, private readonly now: () => number = () => performance.now()) {}

  public putObjectType(type: ObjectTypeSpec): void {
    checkObjectType(type);
    for (const other of this.types.values()) if (other.name !== type.name) checkSharedKeys(type, other);
    this.types.set(type.name, type);
    for (const { name } of type.keys) if (!this.index.has(name)) this.index.set(name, new Map());
  }

  public putSegment(segment: SegmentSpec): void {
    checkSegment(segment);
    if (this.definitions.has(segment.name)) throw new BadRequest(`the domain has a segment ${segment.name} already`);
    this.definitions.set(segment.name, segment);
  }

  /** Returns the unique key of the object. */
  public putObject(objectType: string, json: string): string {
    const type = this.types.get(objectType);
    if (!type) throw new NotFound(`the object type ${objectType} of the domain ${this.name}`);
    const source = parse(json);
    const unique = valueOf(type.keys.find(({ identifiers }) => identifiers.includes('UNIQUE'))!, type, source);
    if (unique === undefined) throw new BadRequest('the object has no value for its unique key');
    checkValues(valuesOf(type, source));
    this.pending.push({ at: this.now() + VISIBLE_AFTER_MILLIS, type, source });
    this.taken += 1;
    // Who listens learns of it although nobody asks.
    if (this.publish) setTimeout(() => this.settle(), VISIBLE_AFTER_MILLIS + 1);
    return unique;
  }

  /**
   * A row of an upload job: it belongs to the one profile that a key of an object type finds by what the row says of the key's fields, and makes one
   * otherwise. Assumed, as the service does not document to which profiles the rows of a file belong. Returns whether there was none.
   */
  public putRow(fields: readonly FieldSpec[], uniqueKey: string, source: Source): boolean {
    this.settle();
    const values = valuesOf({ fields }, source);
    checkValues(values);
    const unique = values.find(({ name }) => name === uniqueKey);
    if (!unique) throw new BadRequest(`the row has no value for ${uniqueKey}`);
    const found = this.keysOf(unique.target).map((key) => this.index.get(key)!.get(unique.value)).find((ids) => ids?.size === 1);
    const profileId = found ? [...found][0]! : this.create();
    this.set(this.profiles.get(profileId)!, values);
    for (const { target, value } of values) for (const key of this.keysOf(target)) this.addKey(key, value, profileId);
    this.publish?.([{ objectType: '_profile', isNew: !found, object: { ...this.profiles.get(profileId)! } }]);
    return !found;
  }

  public search(keyName: string, values: readonly string[]): Stored[] {
    this.settle();
    const index = this.index.get(keyName);
    if (!index) throw new BadRequest(`no object type of the domain has a key ${keyName}`);
    const ids = new Set(values.flatMap((value) => [...index.get(value) ?? []]));
    return [...ids].map((id) => this.profiles.get(id)!);
  }

  /** The id of the profile of a user of the CDP. */
  public profileOf(userId: string): string | undefined {
    this.settle();
    return [...this.profiles.values()].find(({ Attributes }) => Attributes?.[USER_KEY] === userId)?.ProfileId;
  }

  /** Of those that there are. */
  public get(profileIds: readonly string[]): Stored[] {
    this.settle();
    return profileIds.flatMap((id) => this.profiles.get(id) ?? []);
  }

  public delete(profileId: string): void {
    this.settle();
    if (!this.profiles.delete(profileId)) throw new NotFound(`the profile ${profileId}`);
    for (const [id, object] of this.stored) if (object.profileId === profileId) this.stored.delete(id);
    for (const values of this.index.values()) for (const ids of values.values()) ids.delete(profileId);
  }

  /** Objects by type, oldest first. */
  public objects(): Record<string, Source[]> {
    const objects: Record<string, Source[]> = Object.fromEntries([...this.types.keys()].map((type) => [type, []]));
    for (const { type, source } of this.stored.values()) objects[type]!.push(source);
    return objects;
  }

  public segments(): SegmentContent[] {
    return [...this.definitions.values()].map((segment) => segmentContent(segment, this.profiles.values()));
  }

  /** Applies what has become visible; at the end of a run, everything. */
  public settle(until: number = this.now()): void {
    const due = this.pending.filter(({ at }) => at <= until);
    this.pending = this.pending.filter(({ at }) => at > until);
    for (const { type, source } of due) this.apply(type, source);
    this.over += due.length;
  }

  private apply(type: ObjectTypeSpec, source: Source): void {
    const found = this.find(type, source);
    const profileId = found ?? (type.allowProfileCreation ? this.create() : undefined);
    if (profileId === undefined) {
      this.rejected.push({ objectType: type.name, reason: 'no key leads to one profile, and the type may not create any' });
      return;
    }
    const unique = valueOf(type.keys.find(({ identifiers }) => identifiers.includes('UNIQUE'))!, type, source)!;
    const id = JSON.stringify([type.name, unique]);
    const isNew = !this.stored.delete(id);
    this.stored.set(id, { type: type.name, unique, profileId, source });
    this.set(this.profiles.get(profileId)!, valuesOf(type, source));
    this.addKeys(profileId, type, source);
    this.evict(profileId, type);
    this.publish?.([
      { objectType: type.name, isNew, profileId, uniqueKey: unique, object: source },
      { objectType: '_profile', isNew: found === undefined, object: { ...this.profiles.get(profileId)! } },
    ]);
  }

  /** PROFILE keys first, SECONDARY ones after them; a key that leads to several profiles is no use. */
  private find(type: ObjectTypeSpec, source: Source): string | undefined {
    const leading = type.keys.filter(({ identifiers }) => identifiers.includes('PROFILE'));
    const isSecondary = ({ identifiers }: KeySpec) => identifiers.includes('SECONDARY');
    for (const key of [...leading.filter((one) => !isSecondary(one)), ...leading.filter(isSecondary)]) {
      const value = valueOf(key, type, source);
      const ids = value === undefined ? undefined : this.index.get(key.name)!.get(value);
      if (ids?.size === 1) return [...ids][0];
    }
    return undefined;
  }

  private create(): string {
    const ProfileId = randomUUID().replaceAll('-', '');
    this.profiles.set(ProfileId, { ProfileId });
    return ProfileId;
  }

  /** Names of the keys that consist of the field with this target alone. */
  private keysOf(target: string): string[] {
    return [...this.types.values()].flatMap(({ keys, fields }) => {
      const own = fields.filter((field) => field.target === target).map(({ name }) => name);
      return keys.filter(({ fieldNames, identifiers }) => identifiers.includes('PROFILE') && fieldNames.length === 1 && own.includes(fieldNames[0]!));
    }).map(({ name }) => name);
  }

  private set(profile: Stored, values: readonly { readonly target: string; readonly value: string }[]): void {
    for (const { target, value } of values) {
      const [, field, member] = target.split('.') as [string, keyof Profile, string?];
      if (member === undefined) Object.assign(profile, { [field]: value });
      else Object.assign(profile, { [field]: { ...profile[field] as object | undefined, [member]: value } });
    }
  }

  private addKeys(profileId: string, type: ObjectTypeSpec, source: Source): void {
    for (const key of type.keys) {
      const value = key.identifiers.includes('LOOKUP_ONLY') ? undefined : valueOf(key, type, source);
      if (value !== undefined) this.addKey(key.name, value, profileId);
    }
  }

  private addKey(name: string, value: string, profileId: string): void {
    const values = this.index.get(name)!;
    values.set(value, (values.get(value) ?? new Set()).add(profileId));
  }

  /** The oldest make room, of the type and of the profile. */
  private evict(profileId: string, { name, maxProfileObjectCount = MAX_OBJECTS }: ObjectTypeSpec): void {
    const own = [...this.stored].filter(([, object]) => object.profileId === profileId);
    const ofType = own.filter(([, { type }]) => type === name);
    for (const [id] of ofType.slice(0, Math.max(0, ofType.length - maxProfileObjectCount))) this.stored.delete(id);
    for (const [id] of own.slice(0, Math.max(0, own.length - MAX_OBJECTS))) this.stored.delete(id);
  }
}

/** A key that several types have means the same in all of them. */
function checkSharedKeys(type: ObjectTypeSpec, other: ObjectTypeSpec): void {
  const contentOf = ({ fields }: ObjectTypeSpec, { fieldNames }: KeySpec) =>
    fieldNames.map((name) => fields.find((field) => field.name === name)?.contentType).join();
  for (const key of type.keys) {
    const same = other.keys.find(({ name }) => name === key.name);
    if (same && contentOf(type, key) !== contentOf(other, same)) throw new BadRequest(`the key ${key.name} has other content types in ${other.name}`);
  }
}
