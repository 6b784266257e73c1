import type { Call, Operation, Reply, ServerState } from '../protocol';
import { parseJsonBody } from '../parse-json-body';
import { jsonReply } from '../reply';

/** Models of the repository, loaded or not, as MLServer and Triton list them. */
export const repositoryIndex: Operation = repositoryOperation((_call, { repository }, body) => {
  // KServe has no index; MLServer wants a body, Triton does not.
  const asked = body.length === 0 ? {} : parseJsonBody(body);
  const readyOnly = typeof asked === 'object' && asked !== null && (asked as { ready?: unknown }).ready === true;
  return jsonReply(200, JSON.stringify(repository.index().filter(({ state }) => !readyOnly || state === 'READY')));
});

/** Reads a model's files, or reads them again; the body, which Triton's clients send, is not looked at. */
export const repositoryLoad: Operation = repositoryOperation(async ({ model }, { repository }) => {
  await repository.load(model);
  return jsonReply(200, JSON.stringify({ name: model, load: true }));
});

export const repositoryUnload: Operation = repositoryOperation(async ({ model }, { repository }) => {
  await repository.unload(model);
  return jsonReply(200, JSON.stringify({ name: model, unload: true }));
});

/** KServe differs: whoever reaches its port may load and unload; here a flag must say so. */
function repositoryOperation(answer: (call: Call, state: ServerState, body: Buffer) => Reply | Promise<Reply>): Operation {
  return {
    method: 'POST',
    answer: (call, state, body) => (state.repositoryApi ? answer(call, state, body) : jsonReply(404, '{"detail":"Not Found"}')),
  };
}
