/** Package name; the workspaces are `${LIB}-<folder>`. */
export const LIB = 'cdk8s-kserve';
export const NODE_MIN = '20.19.0';
export const WORKSPACES = ['controller', 'runtime', 'local', 'cli'] as const;
export type Workspace = (typeof WORKSPACES)[number];

/** One set of compiler options for every TypeScript project of the repository. */
export const compilerOptions = {
  target: 'ES2022',
  lib: ['es2022'],
  module: 'node20',
  strict: true,
  noUncheckedIndexedAccess: true,
  exactOptionalPropertyTypes: true,
  noImplicitOverride: true,
  noUnusedLocals: true,
  noUnusedParameters: true,
  isolatedModules: true,
  declaration: true,
  declarationMap: true,
  sourceMap: true,
  inlineSourceMap: false,
  inlineSources: false,
  experimentalDecorators: false,
  skipLibCheck: true,
  types: ['node'],
};
