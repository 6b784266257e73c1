import { messageFields } from '../protobuf/wire';
import { bytesField, varintField } from '../protobuf/write-wire';
import type { OnnxGraph, ZipMap } from './graph';
import { readValueInfo } from './read-value-info';

const FLOAT = 1;

/**
 * The model without sklearn-onnx's last step, which turns the matrix of probabilities into a list of maps: JavaScript
 * builds of ONNX Runtime cannot return those, and a tensor is what the protocol has. The matrix becomes the output.
 */
export function withoutZipMaps(bytes: Buffer, graph: OnnxGraph, file: string): Buffer {
  const removed = new Map(graph.zipMaps.map((zipMap) => [zipMap.at, zipMap]));
  const byOutput = new Map(graph.zipMaps.map((zipMap) => [zipMap.output, zipMap]));
  const have = new Set(graph.outputs.map(({ name }) => name));
  const parts: Buffer[] = [];
  const field = { number: 7, wireType: 2, at: graph.graphAt, start: graph.graphStart, end: graph.graphEnd } as const;
  for (const part of messageFields(bytes, field, file)) {
    if (part.number === 1 && removed.has(part.at)) continue;
    const zipMap = part.number === 12 ? byOutput.get(readValueInfo(bytes, part, file).name) : undefined;
    if (!zipMap) parts.push(bytes.subarray(part.at, part.end));
    else if (!have.has(zipMap.input)) parts.push(matrixOutput(zipMap));
  }
  return Buffer.concat([bytes.subarray(0, graph.graphAt), bytesField(7, Buffer.concat(parts)), bytes.subarray(graph.graphEnd)]);
}

/** A ValueInfoProto of a float matrix; its rank follows from the graph. */
function matrixOutput({ input }: ZipMap): Buffer {
  const tensorType = bytesField(1, varintField(1, FLOAT));
  return bytesField(12, Buffer.concat([bytesField(1, input), bytesField(2, tensorType)]));
}
