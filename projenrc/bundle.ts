import { awscdk } from 'projen';

/** Handlers are bundled before the library compiles: template tests and the package need `assets/`. */
export function configureBundle(project: awscdk.AwsCdkConstructLibrary): void {
  const bundle = project.addTask('bundle', {
    description: 'bundle each lambda-src/<name>/*.lambda.ts into assets/<name>/',
    exec: 'tsx projenrc/bundle-handlers.ts',
    receiveArgs: true,
  });
  project.preCompileTask.spawn(bundle);
}
