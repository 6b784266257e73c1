import { IsvcError, messageOf } from 'cdk8s-kserve/api';
import type { OnnxRuntime, OrtModule } from './onnx-runtime';

/** In the order they are wanted. */
const BUILDS = [
  { build: 'native', name: 'onnxruntime-node' },
  { build: 'wasm', name: 'onnxruntime-web' },
] as const;

const INSTALL = 'use the image whose tag ends in -onnx, or run npm install onnxruntime-node (native, 288 MB) or npm install onnxruntime-web (WebAssembly, 139 MB) where the runtime is installed';

/**
 * ONNX Runtime as it is installed: the native build, or the WebAssembly one where that is missing or cannot run here.
 * Neither is a dependency, because together they are larger than everything else.
 *
 * @param load for tests. @param wanted ISVC_ONNX_RUNTIME: only this build.
 * @throws IsvcError ISVC_SERVER_DEPENDENCY with the line that installs it.
 */
export function loadOnnxRuntime(load: (name: string) => unknown = loadPackage, wanted = process.env['ISVC_ONNX_RUNTIME']): OnnxRuntime {
  const failures: string[] = [];
  let cause: unknown;
  for (const { build, name } of BUILDS) {
    if (wanted !== undefined && wanted !== '' && wanted !== build) continue;
    try {
      return prepared({ build, ort: load(name) as OrtModule });
    } catch (error) {
      cause = error;
      const missing = (error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND';
      failures.push(missing ? `${name} is not installed` : `${name} cannot be loaded: ${messageOf(error).split('\n', 1)[0]}`);
    }
  }
  if (failures.length === 0) {
    throw new IsvcError('ISVC_SERVER_OPTION', `ISVC_ONNX_RUNTIME is "${wanted}"`, { hint: 'set it to native or wasm, or leave it out' });
  }
  throw new IsvcError('ISVC_SERVER_DEPENDENCY', `an ONNX model needs ONNX Runtime: ${failures.join(', ')}`, { hint: INSTALL, cause });
}

function prepared(runtime: OnnxRuntime): OnnxRuntime {
  // Its threads are workers that have to be started from a file of their own and keep the process alive.
  if (runtime.build === 'wasm' && runtime.ort.env.wasm) runtime.ort.env.wasm.numThreads = 1;
  runtime.ort.env.logLevel = 'error';
  return runtime;
}

function loadPackage(name: string): unknown {
  // The names are in a variable so that neither the compiler nor the bundler looks for them.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return require(name);
}
