import { hasAddress, optOutBeside, trackedEvent } from './event';
import type { MapProfile } from './index';
import type { CdpMessage, Change } from '../model';

/** What a message asks of a target. Nothing if it is only known by an anonymous id and brings no address: it could never be reached. */
export function addChanges(changes: Change[], message: CdpMessage, map: MapProfile, cut: (reason: string) => void): void {
  if (message.kind === 'ignored') return;
  if (message.kind !== 'identify' && message.kind !== 'track') return void changes.push(message);
  const profile = map(message, cut);
  if (message.anonymous && !profile.endpoints.some(hasAddress)) return;
  if (message.kind === 'identify') return void changes.push(profile);
  const optOut = optOutBeside(profile, cut);
  if (optOut) changes.push(optOut);
  changes.push(trackedEvent(message, profile, cut));
}
