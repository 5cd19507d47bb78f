import { setFlagsFromString } from 'node:v8';

/**
 * A function starts with a nursery that a batch does not fit into, so V8 sees everything of its first batches survive, and from then on makes
 * such objects in the old generation, where they outlive their batch and keep alive what they point to. That costs a tenth of the CPU time of
 * a batch, so V8 is told not to do it: a choice of place only. Decision 0021. To be called when everything is loaded: modules of Node.js that
 * are loaded after a change of flags are compiled anew, and not taken from its code cache.
 * @see https://nodejs.org/api/v8.html#v8setflagsfromstringflags
 */
export function keepBatchesYoung(): void {
  setFlagsFromString('--no-allocation-site-pretenuring');
}
