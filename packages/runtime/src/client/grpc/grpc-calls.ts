import type { Datatype, TensorSpec } from '../../model/model';
import { MessageReader } from '../../protocols/grpc/message-reader';
import { MessageWriter } from '../../protocols/grpc/message-writer';
import type { ModelMetadata } from '../model-metadata';
import { inAnswer } from './infer-messages';

export type GrpcMethodName = 'ModelInfer' | 'ModelReady' | 'ServerReady' | 'ModelMetadata';

/** Full path of a method of the inference service. */
export function pathOfMethod(method: GrpcMethodName): string {
  return `/inference.GRPCInferenceService/${method}`;
}

/** A message that has a model's name in its first field, and nothing more. */
export function encodeName(model: string): Buffer {
  return new MessageWriter().text(1, model).finish();
}

/** The answer of `ServerReady` and `ModelReady`. */
export function decodeReady(bytes: Buffer): boolean {
  return inAnswer(() => {
    const reader = new MessageReader(bytes);
    let ready = false;
    while (reader.next()) if (reader.field === 1) ready = reader.bool();
    return ready;
  });
}

export function decodeMetadata(bytes: Buffer): ModelMetadata {
  return inAnswer(() => {
    const reader = new MessageReader(bytes);
    let name = '';
    let platform = '';
    const versions: string[] = [];
    const inputs: TensorSpec[] = [];
    const outputs: TensorSpec[] = [];
    while (reader.next()) {
      if (reader.field === 1) name = reader.text();
      else if (reader.field === 2) versions.push(reader.text());
      else if (reader.field === 3) platform = reader.text();
      else if (reader.field === 4) inputs.push(readSpec(reader.message()));
      else if (reader.field === 5) outputs.push(readSpec(reader.message()));
    }
    return { name, versions, platform, inputs, outputs };
  });
}

function readSpec(reader: MessageReader): TensorSpec {
  let name = '';
  let datatype = '';
  const shape: bigint[] = [];
  while (reader.next()) {
    if (reader.field === 1) name = reader.text();
    else if (reader.field === 2) datatype = reader.text();
    else if (reader.field === 3) reader.integers(shape);
  }
  return { name, datatype: datatype as Datatype, shape: shape.map((side) => Number(BigInt.asIntN(64, side))) };
}
