import { csvChunks, prepare } from './prepare-workload';

/** Prepares 200 MB in a process of its own and tells the most memory that it took, in bytes. */
prepare(() => csvChunks(200 * 1024 * 1024)).then(() => process.stdout.write(String(process.resourceUsage().maxRSS * 1024)), (error: unknown) => {
  process.stderr.write(`${(error as Error).stack}\n`);
  process.exitCode = 1;
});
