import { type RunningServer, type ServerOptions, startServer } from '../../src/index';
import { type FakeModel, fakeModel } from './fake-model';

const servers: RunningServer[] = [];

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

/** A server in this process, on a free port, closed after the test. The model is called `sk`. */
export async function serve(options: Partial<ServerOptions> = {}): Promise<RunningServer & { readonly model: FakeModel }> {
  const model = (options.model as FakeModel | undefined) ?? fakeModel();
  const server = await startServer({ modelName: 'sk', shutdownTimeoutSeconds: 1, ...options, model });
  servers.push(server);
  return { ...server, model };
}
