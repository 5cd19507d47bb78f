/** Memory of a function unless its user chose another, in MiB. */
export const DEFAULT_MEMORY = 512;

/** Variable that Node.js itself reads. */
export const NODE_OPTIONS = 'NODE_OPTIONS';

/**
 * A batch lives as long as its invocation, so V8's default nursery is collected several times over while all of it is still alive. One
 * sixteenth of the memory holds most batches whole and takes about a fifth off the CPU time of the handler (`npm run bench`).
 * @see https://nodejs.org/api/cli.html#--max-semi-space-sizesize-in-mib
 */
export function nodeOptions(memorySize = DEFAULT_MEMORY): string {
  return `--max-semi-space-size=${Math.floor(memorySize / 16)}`;
}
