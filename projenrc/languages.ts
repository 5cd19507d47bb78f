import { awscdk } from 'projen';

/** The other jsii languages: built on request and in CI, never by `npm test`. */
export function configureLanguages(project: awscdk.AwsCdkConstructLibrary): void {
  project.packageTask.reset();
  project.packageTask.spawn(project.tasks.tryFind('package:js')!);
  const all = project.tasks.tryFind('package-all')!;
  project.addTask('package:all', { description: all.description, steps: [{ spawn: 'package-all' }] });
  const languages = project.addTask('test:languages', {
    description: 'build the Python package and synthesize examples/python beside its TypeScript twin (needs Python with pip)',
  });
  languages.spawn(project.preCompileTask);
  languages.spawn(project.compileTask);
  languages.exec('tsx test/languages/main.ts', { receiveArgs: true });
}
