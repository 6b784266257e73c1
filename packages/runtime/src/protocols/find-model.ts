import { IsvcError } from 'cdk8s-kserve/api';
import type { ModelStatus } from '../model/model-repository';
import { takesTensors } from '../model/tensor-model';
import type { ServedModel } from '../server/served-model';
import type { ServerState } from './protocol';

/**
 * @throws IsvcError ISVC_SERVER_MODEL_UNKNOWN with KServe's words, which clients compare; ISVC_SERVER_NOT_READY with the cause
 * for a model that could not be loaded.
 */
export function findModel(state: ServerState, name: string): ServedModel {
  const served = state.models.get(name);
  if (served) return served;
  const status = state.repository.status(name);
  if (status) throw notReady(status);
  throw new IsvcError('ISVC_SERVER_MODEL_UNKNOWN', `Model with name ${name.slice(0, 200)} does not exist.`);
}

/**
 * A version is optional in every path. KServe differs: it answers every path with a version by 501.
 *
 * @throws IsvcError ISVC_SERVER_MODEL_UNKNOWN, ISVC_SERVER_NOT_READY.
 */
export function findVersion(state: ServerState, name: string, version: string | undefined): ServedModel {
  if (version === undefined) return findModel(state, name);
  const served = state.repository.find(name, version);
  if (served) return served;
  const status = state.repository.status(name, version);
  if (status) throw notReady(status);
  const versions = versionsOf(state, name);
  // Without versions to name, it is the model that is unknown.
  if (versions.length === 0) return findModel(state, name);
  const has = versions.length === 1 ? `version ${versions[0]}` : `versions ${versions.join(', ')}`;
  throw new IsvcError('ISVC_SERVER_MODEL_UNKNOWN', `Model with name ${name.slice(0, 200)} has no version ${version.slice(0, 200)}; it has ${has}.`);
}

/** Versions of a model that there are, loaded or not. */
export function versionsOf(state: ServerState, name: string): readonly string[] {
  return state.repository.index().filter((status) => status.name === name).map(({ version }) => version ?? '1');
}

/** Names of all models, also of those that could not be loaded, as KServe lists them. */
export function modelNames(state: ServerState): readonly string[] {
  return [...new Set(state.repository.index().map(({ name }) => name))];
}

function notReady({ name, reason }: ModelStatus): IsvcError {
  return new IsvcError('ISVC_SERVER_NOT_READY', `Model with name ${name} is not ready${reason === '' ? '.' : `: ${reason}`}`);
}

/** @throws IsvcError ISVC_SERVER_NOT_READY while the server drains, or while what the model needs is not there. */
export async function assertReady(state: ServerState, served: ServedModel): Promise<void> {
  if (state.draining || !(await isReady(served))) throw new IsvcError('ISVC_SERVER_NOT_READY', `Model with name ${served.name} is not ready.`);
}

/** Whether every model that is loaded can answer. */
export async function allReady(state: ServerState): Promise<boolean> {
  if (state.draining) return false;
  return (await Promise.all([...state.models.values()].map(isReady))).every(Boolean);
}

async function isReady({ model }: ServedModel): Promise<boolean> {
  return !takesTensors(model) || model.ready === undefined || model.ready();
}
