import tseslint from 'typescript-eslint';

const SOURCES = ['src/**/*.ts', 'packages/*/src/**/*.ts', 'examples/*/*.ts'];
const TESTS = ['test/**/*.ts', 'packages/*/test/**/*.ts', 'benchmarks/**/*.ts', 'scripts/**/*.ts'];

export default tseslint.config(
  { ignores: ['**/lib/**', '**/node_modules/**', '.build/**', 'imports/**', 'coverage/**', '**/*.d.ts', '**/*.cjs', '**/*.js', '**/*.mjs', 'projenrc/**', '.projenrc.ts', 'examples/*/dist/**'] },
  ...tseslint.configs.recommended,
  {
    files: [...SOURCES, ...TESTS],
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrors: 'none' }],
      eqeqeq: ['error', 'always'],
      'no-console': 'off',
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportDefaultDeclaration', message: 'Named exports only.' },
        { selector: 'TSEnumDeclaration', message: 'Use an `as const` object and a union of the same name.' },
        { selector: 'TSParameterProperty', message: 'Declare the field and assign it.' },
      ],
    },
  },
  {
    // Un-awaited promises are the commonest bug of a controller; only type information finds them.
    files: ['packages/*/src/**/*.ts', 'src/**/*.ts'],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: false }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    },
  },
  {
    // The rule engine's heart must stay pure: no clock, no randomness, no I/O.
    files: ['src/api/**/*.ts', 'src/render/**/*.ts', 'src/status/**/*.ts', 'src/plan/**/*.ts'],
    rules: {
      'no-restricted-imports': ['error', { patterns: ['node:*', 'fs', 'path', 'http'] }],
      'no-restricted-properties': ['error', { object: 'Date', property: 'now' }, { object: 'Math', property: 'random' }],
    },
  },
);
