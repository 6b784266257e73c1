import { IsvcError } from 'cdk8s-kserve/api';
import type { OnnxGraph, OnnxOperator } from './graph';

/** Domains whose operators ONNX Runtime has built in; any other needs a library of native code, which is never loaded. */
const DOMAINS = ['', 'ai.onnx.ml', 'ai.onnx.training', 'ai.onnx.preview.training', 'com.microsoft', 'com.microsoft.nchwc', 'com.ms.internal.nhwc'];

/** @throws IsvcError ISVC_MODEL_UNSUPPORTED naming operators of other domains. */
export function assertKnownOperators(graph: OnnxGraph, file: string): void {
  const names = graph.operators.filter(({ domain }) => !DOMAINS.includes(domain) && !graph.functionDomains.has(domain)).map(operatorName);
  if (names.length === 0) return;
  throw new IsvcError('ISVC_MODEL_UNSUPPORTED', `uses operators that ONNX Runtime does not have: ${names.slice(0, 5).join(', ')}`, {
    path: file,
    hint: 'export the model without custom operators; libraries of native code are never loaded',
  });
}

/** `Gemm`, `ai.onnx.ml.Scaler`. */
export function operatorName({ domain, name }: OnnxOperator): string {
  return domain === '' ? name : `${domain}.${name}`;
}
