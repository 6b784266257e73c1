import { javascript, typescript } from 'projen';
import { LIB, NODE_MIN, compilerOptions } from './projenrc/options';
import { addScripts } from './projenrc/scripts';
import { addWorkspaces } from './projenrc/workspaces';

/** The root package: constructs and the pure functions. Everything heavy lives in `packages/`. */
const project = new typescript.TypeScriptProject({
  name: LIB,
  description: 'Model serving for TypeScript infrastructure repositories, API-compatible with KServe.',
  keywords: ['cdk8s', 'kserve', 'model-serving', 'kubernetes', 'inference'],
  license: 'Apache-2.0',
  copyrightOwner: 'The cdk8s-kserve authors',
  defaultReleaseBranch: 'main',
  projenrcTs: true,
  packageManager: javascript.NodePackageManager.NPM,
  minNodeVersion: NODE_MIN,
  typescriptVersion: '~5.9.3',
  github: false,
  release: false,
  package: false,
  depsUpgrade: false,
  buildWorkflow: false,
  sampleCode: false,
  npmignoreEnabled: false,
  eslint: false, // own flat config in config/: projen's lint task fixes what it should report
  jest: false, // own set-up in config/: projen's would force ts-jest and --updateSnapshot
  readme: { contents: '# cdk8s-kserve\n' },
  peerDeps: ['cdk8s@^2.70.0', 'constructs@^10.3.0'],
  peerDependencyOptions: { pinnedDevDependency: false },
  deps: ['yaml@^2.9.1'],
  devDeps: [
    '@grpc/grpc-js@^1.14',
    '@grpc/proto-loader@^0.8',
    '@types/jest@^30',
    '@types/node@^20',
    '@types/tar-stream@^3.1',
    '@types/yauzl@^3',
    'cdk8s@^2.70.0',
    'cdk8s-cli@^2.207.0',
    'constructs@^10.3.0',
    'esbuild@^0.28.0',
    'eslint@^10',
    'fast-check@^4',
    'fengari@^0.1.5',
    'jest@^30',
    'tsx@^4.23.0',
    'typescript-eslint@^8',
  ],
  tsconfig: { compilerOptions: { ...compilerOptions, moduleResolution: undefined } as never },
});

project.package.addField('overrides', { 'unrs-resolver': '1.12.2' });
project.package.addField('files', ['lib', '!lib/.tsbuildinfo', 'crds', 'health', 'imports/*.js', 'imports/*.d.ts']);
project.package.addField('allowScripts', {
  '@parcel/watcher': false,
  esbuild: true,
  'onnxruntime-node': false,
  protobufjs: false,
  'unrs-resolver': false,
});
const subpaths = ['api', 'render', 'status', 'plan', 'lint'];
project.package.addField('exports', {
  '.': { types: './lib/index.d.ts', default: './lib/index.js' },
  ...Object.fromEntries(
    subpaths.map((p) => [`./${p}`, { types: `./lib/${p}/index.d.ts`, default: `./lib/${p}/index.js` }]),
  ),
  './imports/*': { types: './imports/*.d.ts', default: './imports/*.js' },
  './crds/*': './crds/*',
  './package.json': './package.json',
});
// CommonJS consumers with the old module resolution (cdk8s' own template) find subpaths only through this.
project.package.addField('typesVersions', {
  '*': {
    ...Object.fromEntries(subpaths.map((p) => [p, [`./lib/${p}/index.d.ts`]])),
    'imports/*': ['./imports/*.d.ts'],
  },
});

const rootTsconfig = project.tsconfig!.file;
rootTsconfig.addOverride('compilerOptions.composite', true);
rootTsconfig.addOverride('compilerOptions.tsBuildInfoFile', 'lib/.tsbuildinfo');
rootTsconfig.addOverride('references', [{ path: './imports' }]);

// Protocol 0 pickles look like text; a changed line ending would break them.
for (const pattern of ['*.joblib', '*.pkl', '*.pickle', '*.ubj', '*.bst', '*.onnx', '*.data']) project.gitattributes.addAttributes(pattern, 'binary');

addWorkspaces(project);
addScripts(project);
project.gitignore.addPatterns(
  '/lib/', '/packages/*/lib/', '/imports/*.js', '/imports/*.d.ts', '/imports/*.map', '*.tsbuildinfo',
  '/.build/', '/coverage/', '.DS_Store', 'node_modules/',
);
project.synth();
