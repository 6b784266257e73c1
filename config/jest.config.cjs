// Packages that ship ES modules only; jest on Node 20 needs them transformed.
const ESM_ONLY = ['@kubernetes/client-node', '@marcbachmann/cel-js', 'openid-client', 'oauth4webapi', 'jose'];

module.exports = {
  rootDir: '..',
  testEnvironment: 'node',
  testMatch: ['<rootDir>/test/**/*.test.ts', '<rootDir>/packages/*/test/**/*.test.ts'],
  moduleNameMapper: {
    // import() in CommonJS needs the extension that the compiled file has; the sources have another.
    '^(\\.{1,2}/.*)\\.js$': '$1',
    '^cdk8s-kserve$': '<rootDir>/src/index.ts',
    '^cdk8s-kserve/(api|render|status|plan|lint)$': '<rootDir>/src/$1/index.ts',
    '^cdk8s-kserve-(controller|runtime|local|cli)$': '<rootDir>/packages/$1/src/index.ts',
  },
  modulePathIgnorePatterns: ['<rootDir>/lib/', '<rootDir>/packages/[^/]+/lib/', '<rootDir>/.build/'],
  transform: { '\\.(ts|m?js)$': '<rootDir>/config/jest-esbuild.cjs' },
  transformIgnorePatterns: [`/node_modules/(?!(${ESM_ONLY.join('|')})/)`],
  // Shared machines: a cold transform of the Kubernetes client alone takes seconds there.
  // Many suites wait for processes; one worker less than cores, jest's default, leaves a two-core machine half idle.
  maxWorkers: '100%',
  // Longer than what a test waits for may take, PATIENCE_MS of test/support/until.ts, so that a failure names what did not come.
  testTimeout: 240_000,
  // What tests, and libraries in them, leave among the temporary files goes with the run.
  globalSetup: '<rootDir>/config/jest-own-temporary-folder.cjs',
  globalTeardown: '<rootDir>/config/jest-remove-temporary-folder.cjs',
  reporters: ['default', '<rootDir>/config/plain-summary-reporter.cjs'],
};
