import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { IsvcError } from 'cdk8s-kserve/api';
import { cpuLimit } from '../../process/cpu-limit';
import { type ExternalFile, checkExternalData } from './external-data';
import type { OnnxGraph } from './graph';
import { graphInputs, graphOutputs } from './graph-values';
import { loadOnnxRuntime } from './load-onnx-runtime';
import { OnnxModel, ortMessage } from './onnx-model';
import type { OnnxRuntime, OrtSession, OrtSessionOptions } from './onnx-runtime';
import { assertKnownOperators } from './operators';
import { readOnnxGraph } from './read-model';
import { withoutZipMaps } from './without-zip-maps';

/**
 * Checks an ONNX file and gives it to ONNX Runtime.
 *
 * @param bytes the whole file. @param path where it lies; its folder has the external data. @param file its name, for messages.
 * @throws IsvcError ISVC_MODEL_*, ISVC_SERVER_DEPENDENCY where ONNX Runtime is not installed.
 */
export async function loadOnnxModel(bytes: Buffer, path: string, file: string, runtimeOf: () => OnnxRuntime = loadOnnxRuntime): Promise<OnnxModel> {
  const graph = readOnnxGraph(bytes, file);
  assertKnownOperators(graph, file);
  const inputs = graphInputs(graph, file);
  const outputs = graphOutputs(graph, file);
  const external = await checkExternalData(graph, dirname(path), file);
  const runtime = runtimeOf();
  const session = await createSession(runtime, graph, bytes, path, file, external);
  return new OnnxModel({ name: graph.name === '' ? file : graph.name, inputs, outputs, runtime, session });
}

async function createSession(runtime: OnnxRuntime, graph: OnnxGraph, bytes: Buffer, path: string, file: string, external: readonly ExternalFile[]): Promise<OrtSession> {
  const zipped = graph.zipMaps.length > 0;
  const native = runtime.build === 'native';
  if (zipped && native && external.length > 0) {
    throw new IsvcError('ISVC_MODEL_UNSUPPORTED', 'a list of maps as output and data in other files cannot be had together', { path: file, hint: 'export with options={"zipmap": False}' });
  }
  const options: OrtSessionOptions = {
    intraOpNumThreads: native ? cpuLimit() : 1,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    logSeverityLevel: 3,
    ...(native || external.length === 0 ? {} : { externalData: await readExternal(external) }),
  };
  // By its path the native build finds data beside the model itself, without another copy in memory.
  const model = native && external.length > 0 ? path : zipped ? withoutZipMaps(bytes, graph, file) : bytes;
  try {
    return await runtime.ort.InferenceSession.create(model, options);
  } catch (error) {
    throw new IsvcError('ISVC_MODEL_UNSUPPORTED', `ONNX Runtime refuses the model: ${ortMessage(error)}`, { path: file, hint: 'export it again for an opset that this version of ONNX Runtime knows', cause: error });
  }
}

function readExternal(files: readonly ExternalFile[]): Promise<{ readonly path: string; readonly data: Uint8Array }[]> {
  return Promise.all(files.map(async ({ location, path }) => ({ path: location, data: await readFile(path) })));
}
