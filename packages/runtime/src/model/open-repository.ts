import { IsvcError } from 'cdk8s-kserve/api';
import type { ServedModel } from '../server/served-model';
import { findModels } from './layouts/find-models';
import type { ModelLocation } from './layouts/model-location';
import { loadModel } from './load-model';
import { ModelRepository, type ModelSource } from './model-repository';
import type { ServableModel } from './tensor-model';

/** What the files of a model say of how it is served; it goes before the server's options. */
export type OwnSettings = Pick<ModelLocation, 'method' | 'batch'>;

/** Makes a model that was loaded one that is served. */
export type ServeModel = (name: string, model: ServableModel, version: string | undefined, own?: OwnSettings) => ServedModel;

/**
 * Loads the models of a folder. A single model must load; of several, one must.
 *
 * @param modelName of a model that nothing else names.
 * @throws IsvcError ISVC_MODEL_* of the single model, or ISVC_MODEL_NOT_FOUND with the causes where none can be loaded.
 */
export async function openRepository(root: string, modelName: string, serve: ServeModel): Promise<ModelRepository> {
  const { layout, models } = await findModels(root, modelName);
  const repository = new ModelRepository({
    discover: async () => (await findModels(root, modelName)).models.map((location) => sourceOf(location, serve)),
  });
  const [only] = models;
  if (layout === 'single' && only) {
    await repository.load(only.name).catch((error: unknown) => {
      // At the start the cause itself, with its path, is what somebody has to read.
      throw error instanceof IsvcError && error.cause instanceof IsvcError ? error.cause : error;
    });
    return repository;
  }
  await repository.loadAll();
  if (repository.models.size > 0) return repository;
  const causes = repository.index().map(({ name, reason }) => `${name}: ${reason}`);
  throw new IsvcError('ISVC_MODEL_NOT_FOUND', `none of ${causes.length} models can be loaded: ${causes.slice(0, 5).join('; ')}`, { path: root });
}

function sourceOf({ name, version, path, problem, contentTypes, method, batch }: ModelLocation, serve: ServeModel): ModelSource {
  return {
    name,
    ...(version === undefined ? {} : { version }),
    async load() {
      if (problem) throw problem;
      const served = serve(name, await loadModel(path), version, { ...(method ? { method } : {}), ...(batch ? { batch } : {}) });
      if (method !== undefined && served.predictOptions.method !== method) {
        throw new IsvcError('ISVC_MODEL_UNSUPPORTED', `its settings ask for ${method}, which a ${served.model.estimator} does not have`, { path, hint: 'remove parameters.extra.predict_fn from model-settings.json' });
      }
      return contentTypes ? { ...served, contentTypes } : served;
    },
  };
}
