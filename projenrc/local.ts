import { awscdk } from 'projen';

/** `npm run local` and `npm run bench`; both bundle first, so they work right after `npm ci`. */
export function configureLocal(project: awscdk.AwsCdkConstructLibrary): void {
  const bundle = project.tasks.tryFind('bundle')!;
  const local = project.addTask('local', { description: 'run the synthesized example against emulated services on this machine' });
  local.spawn(bundle);
  local.exec('tsx local/main.ts', { receiveArgs: true });
  const bench = project.addTask('bench', { description: 'measure, as ratios within one run' });
  bench.spawn(bundle);
  bench.exec('node bench/run.mjs', { receiveArgs: true });
}
