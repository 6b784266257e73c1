import { type Model, type RunningServer, type ServerOptions, startServer } from '../../src/index';
import { ModelRepository } from '../../src/model/model-repository';
import type { TensorModel } from '../../src/model/tensor-model';
import { type ServedModel, createServedModel } from '../../src/server/served-model';
import { type FakeModel, fakeModel } from './fake-model';

const servers: RunningServer[] = [];

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

/** A server of a fake model in this process, on a free port, closed after the test. The model is called `sk`. */
export async function serve(options: Partial<ServerOptions> & { readonly model?: FakeModel } = {}): Promise<RunningServer & { readonly model: FakeModel }> {
  const model = options.model ?? fakeModel();
  return { ...(await serveModel(model, options)), model };
}

/** The same for any model. */
export async function serveModel(model: Model, options: Partial<ServerOptions> = {}): Promise<RunningServer> {
  const server = await startServer({ modelName: 'sk', shutdownTimeoutSeconds: 1, ...options, model });
  servers.push(server);
  return server;
}

/** The same for a model of tensors. */
export function serveTensors(model: TensorModel, options: Partial<ServerOptions> = {}): Promise<RunningServer> {
  return serveRepository([createServedModel('sk', model)], options);
}

/** The same for several models. */
export async function serveRepository(models: readonly ServedModel[], options: Partial<ServerOptions> = {}): Promise<RunningServer> {
  const server = await startServer({ modelName: 'sk', shutdownTimeoutSeconds: 1, ...options, repository: ModelRepository.of(models) });
  servers.push(server);
  return server;
}
