import { awscdk } from 'projen';

const zone = (target: string, from: string, except: string[], message: string) => ({ target, from, except, message });

/** Synth-time and run-time code share `src/contract` and nothing else; ESLint says so, not memory. */
export function configureFences(project: awscdk.AwsCdkConstructLibrary): void {
  const eslint = project.eslint!;
  eslint.addRules({
    'import/no-restricted-paths': ['error', {
      zones: [
        zone('./lambda-src', './src', ['./contract'], 'a handler sees only src/contract'),
        zone('./src', './lambda-src', [], 'synth-time code never imports run-time code'),
        zone('./src/contract', './src', ['./contract'], 'the contract imports nothing outside itself'),
      ],
    }],
    '@typescript-eslint/no-explicit-any': 'error',
    '@typescript-eslint/consistent-type-imports': 'off',
    'max-len': 'off',
    '@stylistic/max-len': ['error', { code: 150, ignoreUrls: true, ignoreTemplateLiterals: true, ignoreRegExpLiterals: true }],
  });
  eslint.addOverride({
    files: ['src/contract/**/*.ts'],
    rules: { 'no-restricted-imports': ['error', { patterns: ['aws-cdk-lib*', 'constructs', '@aws-sdk/*'] }] },
  });
  eslint.addOverride({ files: ['test/**/*.ts'], rules: { '@typescript-eslint/no-explicit-any': 'off' } });
}
