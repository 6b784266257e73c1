import { ModelRepository } from '../model/model-repository';
import type { ServableModel } from '../model/tensor-model';
import { type ServedModel, createServedModel } from '../server/served-model';
import type { RunningServer, ServerOptions } from '../server/server-options';
import { startServer } from '../server/start-server';
import type { CustomModel } from './custom-model';
import type { PredictorOptions } from './predictor';
import { serveCustomModel } from './serve-custom-model';

export interface CreateServerOptions extends Omit<ServerOptions, 'model' | 'modelName' | 'repository'> {
  /** Models of your own, by the name they have in URLs. */
  readonly models: Readonly<Record<string, CustomModel>>;
  /** Models of files (`loadModel`) beside them. @default - none */
  readonly loaded?: Readonly<Record<string, ServableModel>>;
  /** The service behind models that are transformers. */
  readonly predictor?: PredictorOptions;
}

/**
 * Serves models of your own over every protocol. Each is loaded before the port opens; `close()` drains, then closes them.
 *
 * @throws IsvcError ISVC_SERVER_OWN_MODEL for a model whose `load()` fails or that is none, ISVC_SERVER_PORT_IN_USE,
 * ISVC_SERVER_OPTION.
 *
 * @example
 * const server = await createServer({ models: { upper: { predict: (payload) => ({ predictions: ['HELLO'] }) } }, port: 8080 });
 */
export async function createServer({ models, loaded = {}, predictor, ...options }: CreateServerOptions): Promise<RunningServer> {
  const served: ServedModel[] = [];
  const closeModels = async (): Promise<void> => {
    for (const { model } of served) if ('kind' in model) await model.close?.();
  };
  try {
    for (const [name, model] of Object.entries(models)) served.push(await serveCustomModel(name, model, predictor));
    for (const [name, model] of Object.entries(loaded)) served.push(createServedModel(name, model, options));
    // The repository closes them with the server.
    return await startServer({ ...options, modelName: '', repository: ModelRepository.of(served) });
  } catch (error) {
    await closeModels();
    throw error;
  }
}
