import { rewriteHostFlags } from '../../src/kubelet/in-cluster-hosts';

const reach = (name: string): Promise<string> => Promise.resolve(`<${name}>`);

test.each([
  [['--predictor_host', 'iris-predictor.models'], ['--predictor_host', '<iris-predictor.models>']],
  [['--predictor_host=iris-predictor.models.svc.cluster.local:80'], ['--predictor_host=<iris-predictor.models.svc.cluster.local>']],
  [['--explainer_host', 'iris-explainer.models.svc'], ['--explainer_host', '<iris-explainer.models.svc>']],
  [['--predictor_host', 'localhost:8081', '--predictor_host', 'iris.models:9000'], ['--predictor_host', 'localhost:8081', '--predictor_host', 'iris.models:9000']],
  [['--model_name', 'iris.models', 'iris.models'], ['--model_name', 'iris.models', 'iris.models']],
])('names in %j become %j', async (words, expected) => {
  expect(await rewriteHostFlags(words, reach)).toEqual(expected);
});
