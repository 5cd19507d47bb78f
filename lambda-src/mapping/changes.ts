import { hasAddress, optOutBeside, trackedEvent } from './event';
import type { MapProfile } from './index';
import type { CdpMessage, Change } from '../model';

/** What a message asks of a target. Nothing if it is only known by an anonymous id and brings no address: it could never be reached. */
export function changesOf(message: CdpMessage, map: MapProfile, cut: (reason: string) => void): readonly Change[] {
  if (message.kind === 'ignored') return NOTHING;
  if (message.kind !== 'identify' && message.kind !== 'track') return [message];
  const profile = map(message, cut);
  if (message.anonymous && !profile.endpoints.some(hasAddress)) return NOTHING;
  if (message.kind === 'identify') return [profile];
  const optOut = optOutBeside(profile, cut);
  const event = trackedEvent(message, profile, cut);
  return optOut ? [optOut, event] : [event];
}

const NOTHING: readonly Change[] = [];
