import { awscdk } from 'projen';

const zone = (target: string, from: string, except: string[], message: string) => ({ target, from, except, message });

/** Synth-time and run-time code share `src/contract` and nothing else; ESLint says so, not memory. test/fences.test.ts proves that it does. */
export function configureFences(project: awscdk.AwsCdkConstructLibrary): void {
  const eslint = project.eslint!;
  eslint.addRules({
    'import/no-restricted-paths': ['error', {
      zones: [
        zone('./lambda-src', './src', ['./contract'], 'a handler sees only src/contract'),
        zone('./src', './lambda-src', [], 'synth-time code never imports run-time code'),
        zone('./src/contract', './src', ['./contract'], 'the contract imports nothing outside itself'),
        ...['./local', './test', './bench', './examples', './projenrc'].flatMap((tools) => [
          zone('./src', tools, [], 'what is published never imports what is not'),
          zone('./lambda-src', tools, [], 'what is published never imports what is not'),
        ]),
      ],
    }],
    '@typescript-eslint/no-explicit-any': 'error',
    '@typescript-eslint/consistent-type-imports': 'off',
    'max-len': 'off',
    // A struct or a row of a table reads best as it is: on one line, or a few members a line.
    '@stylistic/object-property-newline': 'off',
    '@stylistic/object-curly-newline': 'off',
    '@stylistic/max-len': ['error', { code: 150, ignoreUrls: true, ignoreTemplateLiterals: true, ignoreRegExpLiterals: true }],
  });
  restrict(project, 'src/contract/**/*.ts', '^[^.]', 'the contract imports nothing outside itself');
  restrict(project, 'lambda-src/**/*.ts', '^(aws-cdk-lib|constructs)(/|$)', 'a handler knows nothing of the CDK');
  eslint.addOverride({
    files: ['test/**/*.ts'],
    rules: {
      '@typescript-eslint/no-explicit-any': 'off',
      '@stylistic/max-len': ['error', { code: 180, ignoreUrls: true, ignoreStrings: true, ignoreTemplateLiterals: true }],
    },
  });
}

function restrict(project: awscdk.AwsCdkConstructLibrary, files: string, regex: string, message: string): void {
  const rule = ['error', { patterns: [{ regex, message }] }];
  project.eslint!.addOverride({ files: [files], rules: { '@typescript-eslint/no-restricted-imports': rule } });
}
