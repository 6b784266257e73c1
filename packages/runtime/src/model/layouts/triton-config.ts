import { readFile } from 'node:fs/promises';
import { IsvcError, messageOf } from 'cdk8s-kserve/api';
import { type TextProtoMessage, type TextProtoValue, parseTextProto, textProtoValue } from '../../formats/protobuf/text-proto';
import { compareVersions } from '../compare-versions';

/** What of Triton's `config.pbtxt` has an effect here. */
export interface TritonConfig {
  readonly name?: string;
  /** `onnxruntime_onnx` and its like, or the name of a backend. */
  readonly backend?: string;
  readonly maxBatchSize: number;
  /** Names of the tensors that the file lists. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly modelFile: string;
  readonly versions: VersionPolicy;
}

export type VersionPolicy = { readonly latest: number } | { readonly specific: readonly string[] } | 'all';

const ONNX_BACKENDS = ['onnxruntime_onnx', 'onnxruntime'];

/** @throws IsvcError ISVC_MODEL_CORRUPT, ISVC_MODEL_UNSUPPORTED for a backend that is not ONNX Runtime. */
export async function readTritonConfig(path: string, file: string): Promise<TritonConfig> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new IsvcError('ISVC_MODEL_NOT_FOUND', `cannot be read: ${messageOf(error)}`, { path: file, cause: error });
  });
  return tritonConfigOf(text, file);
}

export function tritonConfigOf(text: string, file: string): TritonConfig {
  const message = parseTextProto(text, file);
  const name = textOf(textProtoValue(message, 'name'));
  const backend = textOf(textProtoValue(message, 'backend')) ?? textOf(textProtoValue(message, 'platform'));
  if (backend !== undefined && !ONNX_BACKENDS.includes(backend)) {
    throw new IsvcError('ISVC_MODEL_UNSUPPORTED', `the model is for Triton's backend "${backend}"; of that layout only ONNX models are served`, { path: file, hint: 'export the model as ONNX, or serve it with Triton' });
  }
  return {
    ...(name === undefined ? {} : { name }),
    ...(backend === undefined ? {} : { backend }),
    maxBatchSize: whole(textProtoValue(message, 'max_batch_size'), 'max_batch_size', file) ?? 0,
    inputs: names(message, 'input'),
    outputs: names(message, 'output'),
    modelFile: textOf(textProtoValue(message, 'default_model_filename')) ?? 'model.onnx',
    versions: versionPolicy(messageOfValue(textProtoValue(message, 'version_policy')), file),
  };
}

/** @param versions folders that there are. @returns those that are served, highest last; without a policy the highest. */
export function servedVersions(policy: VersionPolicy, versions: readonly string[]): readonly string[] {
  const sorted = [...versions].sort(compareVersions);
  if (policy === 'all') return sorted;
  if ('latest' in policy) return sorted.slice(-policy.latest);
  return sorted.filter((version) => policy.specific.includes(version));
}

function versionPolicy(policy: TextProtoMessage | undefined, file: string): VersionPolicy {
  if (policy?.has('all')) return 'all';
  const specific = messageOfValue(textProtoValue(policy, 'specific'));
  if (specific) return { specific: (specific.get('versions') ?? []).flatMap((version) => (typeof version === 'string' ? [version] : [])) };
  const latest = whole(textProtoValue(messageOfValue(textProtoValue(policy, 'latest')), 'num_versions'), 'num_versions', file);
  return { latest: Math.max(1, latest ?? 1) };
}

function names(message: TextProtoMessage, field: string): string[] {
  return (message.get(field) ?? []).flatMap((value) => textOf(textProtoValue(messageOfValue(value), 'name')) ?? []);
}

function textOf(value: TextProtoValue | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function messageOfValue(value: TextProtoValue | undefined): TextProtoMessage | undefined {
  return typeof value === 'object' ? value : undefined;
}

function whole(value: TextProtoValue | undefined, field: string, file: string): number | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'string' && /^\d{1,9}$/.test(value)) return Number(value);
  throw new IsvcError('ISVC_MODEL_CORRUPT', `${field} is ${typeof value === 'string' ? `"${value.slice(0, 40)}"` : 'a message'}, expected a whole number`, { path: file });
}
