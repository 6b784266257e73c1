import { JsonFile, type typescript } from 'projen';
import { LIB, NODE_MIN, WORKSPACES, type Workspace, compilerOptions } from './options';

interface WorkspaceSpec {
  readonly description: string;
  readonly bin?: Record<string, string>;
  /** Workspaces it may import; keep in step with test/unit/dependency-rule.test.ts. */
  readonly uses: readonly Workspace[];
  readonly dependencies: Record<string, string>;
  /** Used where they are installed, and by nobody else. */
  readonly optional?: Record<string, string>;
}

const SPECS: Record<Workspace, WorkspaceSpec> = {
  controller: {
    description: 'Turns serving resources into children and reports status.',
    bin: { 'isvc-controller': 'bin/isvc-controller.js' },
    uses: [],
    dependencies: { '@kubernetes/client-node': '^1.4.0', 'prom-client': '^15.1.3', yaml: '^2.9.1' },
  },
  runtime: {
    description: 'Model server and storage fetcher, without Python and without an unpickler.',
    bin: { 'isvc-runtime': 'bin/isvc-runtime.js' },
    uses: [],
    dependencies: { 'prom-client': '^15.1.3', saxes: '^6.0.0', 'tar-stream': '^3.1.7', yaml: '^2.9.1', yauzl: '^3.2.0' },
    // Hundreds of megabytes, for ONNX models alone; ci/onnx has them for the tests.
    optional: { 'onnxruntime-node': '^1.20.0', 'onnxruntime-web': '^1.20.0' },
  },
  local: {
    description: 'Embedded API server, process kubelet and gateway: a cluster for laptops and tests.',
    uses: ['controller', 'runtime'],
    dependencies: { '@marcbachmann/cel-js': '^8.0.0', yaml: '^2.9.1' },
  },
  cli: {
    description: 'The isvc command.',
    bin: { isvc: 'bin/isvc.js' },
    uses: ['controller', 'runtime', 'local'],
    dependencies: { commander: '^14.0.0', picocolors: '^1.1.1', yaml: '^2.9.1' },
  },
};

/** npm workspaces written as plain files: projen subprojects under npm workspaces would install twice. */
export function addWorkspaces(project: typescript.TypeScriptProject): void {
  project.package.addField('workspaces', ['packages/*']);
  for (const name of WORKSPACES) {
    const spec = SPECS[name];
    new JsonFile(project, `packages/${name}/package.json`, {
      obj: {
        name: `${LIB}-${name}`,
        version: '0.0.0',
        private: true,
        description: spec.description,
        license: 'Apache-2.0',
        main: 'lib/index.js',
        types: 'lib/index.d.ts',
        ...(spec.bin ? { bin: spec.bin } : {}),
        engines: { node: `>=${NODE_MIN}` },
        dependencies: {
          [LIB]: 'file:../..',
          ...Object.fromEntries(spec.uses.map((u) => [`${LIB}-${u}`, '0.0.0'])),
          ...spec.dependencies,
        },
        ...(spec.optional
          ? { peerDependencies: spec.optional, peerDependenciesMeta: Object.fromEntries(Object.keys(spec.optional).map((name) => [name, { optional: true }])) }
          : {}),
      },
    });
    new JsonFile(project, `packages/${name}/tsconfig.json`, {
      obj: {
        compilerOptions: { ...compilerOptions, composite: true, rootDir: 'src', outDir: 'lib', tsBuildInfoFile: 'lib/.tsbuildinfo' },
        include: ['src/**/*.ts'],
        references: [{ path: '../..' }, ...spec.uses.map((u) => ({ path: `../${u}` }))],
      },
    });
  }
  new JsonFile(project, 'imports/tsconfig.json', {
    obj: {
      compilerOptions: {
        ...compilerOptions, exactOptionalPropertyTypes: false, noUncheckedIndexedAccess: false, noUnusedLocals: false, noUnusedParameters: false,
        composite: true, rootDir: '.', outDir: '.', declarationMap: false, sourceMap: false,
      },
      include: ['*.ts'],
      exclude: ['*.d.ts'],
    },
  });
  // Examples are compiled like a user's infra repo, into .build/, against the built library.
  new JsonFile(project, 'examples/tsconfig.json', {
    obj: {
      compilerOptions: { ...compilerOptions, composite: true, rootDir: '.', outDir: '../.build/examples', declaration: true },
      include: ['*/*.ts'],
      references: [{ path: '..' }],
    },
  });
  // Tests, benchmarks and tool scripts: checked, never emitted (jest and tsx transform them).
  new JsonFile(project, 'tsconfig.test.json', {
    obj: {
      compilerOptions: {
        ...compilerOptions, declaration: false, declarationMap: false, sourceMap: false, noEmit: true, types: ['jest', 'node'],
        paths: {
          [LIB]: ['./src/index.ts'],
          ...Object.fromEntries(['api', 'render', 'status', 'plan', 'lint'].map((p) => [`${LIB}/${p}`, [`./src/${p}/index.ts`]])),
          ...Object.fromEntries(WORKSPACES.map((w) => [`${LIB}-${w}`, [`./packages/${w}/src/index.ts`]])),
        },
      },
      include: ['test/**/*.ts', 'packages/*/test/**/*.ts', 'benchmarks/**/*.ts', 'examples/*/*.ts', 'scripts/**/*.ts'],
    },
  });
}
