import type { TensorSpec } from '../../model/model';
import { RUNTIME_VERSION } from '../../version';
import { allReady, assertReady, findVersion, versionsOf } from '../find-model';
import { extensionsOf, outputsOf } from '../v2/operations';
import { unary } from './grpc-method';
import { MessageReader } from './message-reader';
import { MessageWriter } from './message-writer';

export const serverLive = unary(() => new MessageWriter().bool(1, true).finish());

export const serverReady = unary(async (_message, state) => new MessageWriter().bool(1, await allReady(state)).finish());

export const serverMetadata = unary((_message, state) => {
  const response = new MessageWriter().text(1, 'cdk8s-kserve').text(2, RUNTIME_VERSION);
  for (const extension of extensionsOf(state)) response.text(3, extension);
  return response.finish();
});

export const modelReady = unary(async (message, state) => {
  const { name, version } = readModelName(message);
  await assertReady(state, findVersion(state, name, version));
  return new MessageWriter().bool(1, true).finish();
});

export const modelMetadata = unary((message, state) => {
  const { name, version } = readModelName(message);
  const served = findVersion(state, name, version);
  const response = new MessageWriter().text(1, served.name);
  for (const one of versionsOf(state, served.name)) response.content(2, Buffer.from(one));
  response.text(3, served.model.platform);
  for (const input of served.model.inputs) response.message(4, (tensor) => writeSpec(tensor, input));
  for (const output of outputsOf(served)) response.message(5, (tensor) => writeSpec(tensor, output));
  return response.finish();
});

function writeSpec(tensor: MessageWriter, { name, datatype, shape }: TensorSpec): void {
  tensor.text(1, name).text(2, datatype).integers(3, shape);
}

/** Fields 1 and 2 of the requests about a model; an empty version is none. */
function readModelName(message: Buffer): { readonly name: string; readonly version: string | undefined } {
  const reader = new MessageReader(message);
  let name = '';
  let version = '';
  while (reader.next()) {
    if (reader.field === 1) name = reader.text();
    else if (reader.field === 2) version = reader.text();
  }
  return { name, version: version === '' ? undefined : version };
}

