import type { typescript } from 'projen';
import { WORKSPACES } from './options';

/** Real programs that a control plane has beside it in one opt-in test each. */
const RIGS = { kserve: "KServe's own manager, before and after ours", traefik: 'Traefik as the gateway of raw services', keda: 'KEDA as the autoscaler of raw services', kwok: 'A real scheduler and nodes of KWOK under many services', knative: 'Knative Serving under serverless services' };

/**
 * The npm scripts. Each goes through `scripts/run.mjs`, which installs what a bare clone lacks and then runs the
 * projen task of the same name, so that every README command works on a fresh clone.
 */
export function addScripts(project: typescript.TypeScriptProject): void {
  project.compileTask.reset(`tsc --build ${['.', ...WORKSPACES.map((w) => `packages/${w}`), 'examples'].join(' ')}`);
  project.compileTask.exec('node scripts/bundle.mjs');

  const typecheckTests = project.addTask('typecheck:tests', {
    description: 'Type-check tests, benchmarks and scripts',
    exec: 'tsc -p tsconfig.test.json',
  });
  project.testTask.reset();
  project.testTask.spawn(project.compileTask);
  project.testTask.spawn(typecheckTests);
  project.testTask.exec('jest -c config/jest.config.cjs --ci', { receiveArgs: true });

  project.addTask('lint', {
    description: 'ESLint over sources and tests; reports, never fixes',
    exec: 'eslint -c config/eslint.config.mjs --max-warnings 0 .',
    receiveArgs: true,
  });
  const demo = project.addTask('demo', { description: 'From a TypeScript construct to a prediction' });
  demo.spawn(project.compileTask);
  demo.exec('node scripts/demo.mjs', { receiveArgs: true });

  const cluster = project.addTask('test:cluster', { description: 'The controller on a real etcd, kube-apiserver and kube-controller-manager, built with Go once' });
  cluster.spawn(project.compileTask);
  cluster.exec('node scripts/cluster/test.mjs cluster', { receiveArgs: true });
  for (const [rig, title] of Object.entries(RIGS)) {
    const task = project.addTask(`test:${rig}`, { description: `${title} beside them, built with Go once` });
    task.spawn(project.compileTask);
    task.exec(`node scripts/cluster/test.mjs ${rig}`, { receiveArgs: true });
  }

  project.addTask('test:storage', {
    description: 'The storage sources against real servers, built with Go and installed once',
    exec: 'node scripts/storage/test.mjs',
    receiveArgs: true,
  });

  const onnx = project.addTask('test:onnx', { description: 'ONNX models in both builds of ONNX Runtime, installed into ci/onnx once' });
  onnx.spawn(project.compileTask);
  onnx.exec('node scripts/test-onnx.mjs', { receiveArgs: true });
  const image = project.addTask('test:image', { description: 'Build the image and run it on a read-only root; needs buildah' });
  image.spawn(project.compileTask);
  image.exec('node scripts/image/test.mjs', { receiveArgs: true });

  const clients = project.addTask('test:clients', { description: 'Python clients of others against the model server, installed once' });
  clients.spawn(project.compileTask);
  clients.exec('node scripts/test-clients.mjs', { receiveArgs: true });

  const packed = project.addTask('test:packed', { description: 'The packed library in an infra repo made from cdk8s\'s own template; needs a registry' });
  packed.spawn(project.compileTask);
  packed.exec('node scripts/packed-tarball.mjs', { receiveArgs: true });

  const bench = project.addTask('bench', { description: 'Print the figures of benchmarks/' });
  bench.spawn(project.compileTask);
  bench.exec('tsx benchmarks/main.ts', { receiveArgs: true });

  const golden = project.addTask('golden:update', { description: 'Rewrite test/golden and the examples\' output from the code' });
  golden.spawn(project.compileTask);
  golden.exec('tsx scripts/golden-update.ts', { receiveArgs: true });

  const generate = project.addTask('generate', { description: 'Rewrite crds/, imports/ and docs/reference/ from src/api' });
  generate.exec('tsx scripts/generate.ts', { receiveArgs: true });

  for (const task of ['demo', 'test', 'test:cluster', ...Object.keys(RIGS).map((rig) => `test:${rig}`), 'test:storage', 'test:onnx', 'test:image', 'test:clients', 'test:packed', 'lint', 'bench', 'golden:update', 'generate']) {
    project.setScript(task, `node scripts/run.mjs ${task}`);
  }
  // Not through a task: projen would end at a Ctrl-C before the summary is there.
  project.setScript('fuzz', 'node scripts/run.mjs compile 1>&2 && node --import tsx scripts/fuzz.ts');
  project.setScript('build', 'node scripts/run.mjs compile');
}
