import { IsvcError } from 'cdk8s-kserve/api';
import type { ServerState } from '../protocol';
import { unary } from './grpc-method';
import { MessageReader } from './message-reader';
import { MessageWriter } from './message-writer';

export const repositoryIndex = unary((message, state) => {
  assertEnabled(state);
  const reader = new MessageReader(message);
  let readyOnly = false;
  while (reader.next()) if (reader.field === 2) readyOnly = reader.bool();
  const response = new MessageWriter();
  for (const { name, version, state: modelState, reason } of state.repository.index()) {
    if (readyOnly && modelState !== 'READY') continue;
    response.message(1, (model) => model.text(1, name).text(2, version ?? '').text(3, modelState).text(4, reason));
  }
  return response.finish();
});

export const repositoryModelLoad = unary(async (message, state) => {
  assertEnabled(state);
  const name = readName(message);
  await state.repository.load(name);
  return new MessageWriter().text(1, name).bool(2, true).finish();
});

export const repositoryModelUnload = unary(async (message, state) => {
  assertEnabled(state);
  const name = readName(message);
  await state.repository.unload(name);
  return new MessageWriter().text(1, name).bool(2, true).finish();
});

/** Triton's and MLServer's request has the repository in field 1 and the model in field 2, KServe's the model in field 1. */
function readName(message: Buffer): string {
  const reader = new MessageReader(message);
  const names = new Map<number, string>();
  while (reader.next()) if (reader.field <= 2) names.set(reader.field, reader.text());
  return names.get(2) ?? names.get(1) ?? '';
}

function assertEnabled({ repositoryApi }: ServerState): void {
  if (!repositoryApi) throw new IsvcError('ISVC_SERVER_NOT_IMPLEMENTED', 'the model repository cannot be asked', { hint: 'start the server with --enable_repository_api=true' });
}
