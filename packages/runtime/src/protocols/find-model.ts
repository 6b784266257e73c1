import { IsvcError } from 'cdk8s-kserve/api';
import type { ServedModel } from '../server/served-model';
import type { ServerState } from './protocol';

/** @throws IsvcError ISVC_SERVER_MODEL_UNKNOWN with KServe's words, which clients compare. */
export function findModel(state: ServerState, name: string): ServedModel {
  const served = state.models.get(name);
  if (served) return served;
  throw new IsvcError('ISVC_SERVER_MODEL_UNKNOWN', `Model with name ${name.slice(0, 200)} does not exist.`);
}

/** @throws IsvcError ISVC_SERVER_NOT_READY while the server drains. */
export function assertReady(state: ServerState, name: string): void {
  if (state.draining) throw new IsvcError('ISVC_SERVER_NOT_READY', `Model with name ${name} is not ready.`);
}
