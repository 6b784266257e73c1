import { Model } from '../../../../examples/06-own-model/model';
import { createServer, loadModel } from '../../src/index';
import { tabular } from '../../src/model/tabular';
import { ask } from '../support/http';
import { IRIS_SVC } from '../support/runtime-process';
import { serveModel } from '../support/served';

test('examples/06-own-model answers as its README says', async () => {
  const predictor = await serveModel(tabular(await loadModel(IRIS_SVC)), { modelName: 'iris' });
  const server = await createServer({ models: { iris: new Model() }, predictor: { host: `127.0.0.1:${predictor.port}` }, shutdownTimeoutSeconds: 1 });
  try {
    const body = '{"instances": [{"sepal_length": 68, "sepal_width": 28, "petal_length": 48, "petal_width": 14}]}';
    const answer = await ask(server.port, '/v1/models/iris:predict', { body, headers: { 'x-unit': 'mm' } });
    expect(answer.text).toBe('{"predictions":[{"species":"versicolor"}]}');
  } finally {
    await server.close();
  }
});
