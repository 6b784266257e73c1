import { type WireField, corruptWire, messageFields, signedOf, textOf, wireFields } from '../protobuf/wire';
import type { OnnxGraph } from './graph';
import { readEntry } from './read-tensor';
import { GraphWalk } from './graph-walk';

/**
 * What is in an ONNX file: names, types, operators, external data. Its numbers are stepped over, not read.
 *
 * @param file its name, for messages only.
 * @throws IsvcError ISVC_MODEL_CORRUPT with the place.
 */
export function readOnnxGraph(bytes: Buffer, file: string): OnnxGraph {
  if (bytes.length === 0) throw corruptWire(file, 0, 'the file is empty');
  const head = { irVersion: 0, producer: '', producerVersion: '' };
  const opsets = new Map<string, number>();
  const metadata = new Map<string, string>();
  const walk = new GraphWalk(bytes, file);
  let graph: WireField | undefined;
  for (const field of wireFields(bytes, 0, bytes.length, file)) {
    if (field.number === 1) head.irVersion = Number(signedOf(bytes, field, file));
    else if (field.number === 2) head.producer = textOf(bytes, field, file);
    else if (field.number === 3) head.producerVersion = textOf(bytes, field, file);
    else if (field.number === 7) {
      // Other readers would merge the two; then it would not be the graph that was checked.
      if (graph) throw corruptWire(file, field.at, 'the file has two graphs');
      graph = field;
      walk.mainGraph(field);
    } else if (field.number === 8) readOpset(bytes, field, file, opsets);
    else if (field.number === 14) metadata.set(...readEntry(bytes, field, file));
    else if (field.number === 25) walk.functionBody(field);
  }
  if (!graph || head.irVersion <= 0) throw corruptWire(file, 0, 'is no ONNX model: it has no graph or no version');
  return {
    ...head,
    name: walk.name,
    opsets,
    metadata,
    inputs: walk.inputs.filter(({ name }) => !walk.initializers.has(name)),
    outputs: walk.outputs,
    operators: [...walk.operators.values()],
    functionDomains: walk.functionDomains,
    external: walk.external,
    zipMaps: walk.zipMaps,
    graphAt: graph.at,
    graphStart: graph.start,
    graphEnd: graph.end,
  };
}

function readOpset(bytes: Buffer, field: WireField, file: string, opsets: Map<string, number>): void {
  let domain = '';
  let version = 0;
  for (const part of messageFields(bytes, field, file)) {
    if (part.number === 1) domain = textOf(bytes, part, file);
    if (part.number === 2) version = Number(signedOf(bytes, part, file));
  }
  opsets.set(domain === 'ai.onnx' ? '' : domain, version);
}
