import { RUNTIME_VERSION } from '../../version';

/** The OpenAPI 3.1 description of the REST protocols, for the models that are there. */
export function openApiDocument(models: readonly string[]): object {
  const name = { name: 'model_name', in: 'path', required: true, schema: { type: 'string', ...(models.length > 0 ? { enum: models } : {}) } };
  const get = (summary: string, parameters: readonly object[] = []): object => ({ get: { summary, parameters, responses: { 200: OK, ...(parameters.length > 0 ? { 404: FAILED } : {}) } } });
  const post = (summary: string, request: string, answer: string): object => ({
    post: {
      summary, parameters: [name],
      requestBody: { required: true, content: json(`#/components/schemas/${request}`) },
      responses: { 200: { description: 'The answer.', content: json(`#/components/schemas/${answer}`) }, 400: FAILED, 404: FAILED, 413: FAILED, 422: FAILED, 503: FAILED, 504: FAILED },
    },
  });
  return {
    openapi: '3.1.0',
    info: { title: 'cdk8s-kserve model server', version: RUNTIME_VERSION },
    paths: {
      '/': get('Whether the process lives'),
      '/metrics': get('Metrics in the text format of Prometheus'),
      '/v1/models': get('Names of the models'),
      '/v1/models/{model_name}': get('Whether a model is ready', [name]),
      '/v1/models/{model_name}:predict': post('Predict (V1)', 'V1Request', 'V1Response'),
      '/v1/models/{model_name}:explain': post('Explain (V1)', 'V1Request', 'V1Response'),
      '/v2': get('Name, version and extensions of the server'),
      '/v2/health/live': get('Whether the server lives'),
      '/v2/health/ready': get('Whether the server takes requests'),
      '/v2/models': get('Names of the models'),
      '/v2/models/{model_name}': get('Inputs and outputs of a model', [name]),
      '/v2/models/{model_name}/ready': get('Whether a model is ready', [name]),
      '/v2/models/{model_name}/infer': post('Infer (Open Inference Protocol, V2)', 'InferenceRequest', 'InferenceResponse'),
    },
    components: { schemas: SCHEMAS },
  };
}

const json = ($ref: string): object => ({ 'application/json': { schema: { $ref } } });
const OK = { description: 'It is.' };
const FAILED = { description: 'What is wrong, in one line.', content: json('#/components/schemas/Failure') };
const TENSOR = {
  type: 'object', required: ['name', 'shape', 'datatype', 'data'],
  properties: { name: { type: 'string' }, shape: { type: 'array', items: { type: 'integer' } }, datatype: { type: 'string' }, parameters: { type: ['object', 'null'] }, data: { type: 'array' } },
};

const SCHEMAS = {
  V1Request: { type: 'object', required: ['instances'], properties: { instances: { type: 'array' } } },
  V1Response: { type: 'object', properties: { predictions: { type: 'array' } } },
  InferenceRequest: {
    type: 'object', required: ['inputs'],
    properties: {
      id: { type: 'string' }, parameters: { type: 'object' }, inputs: { type: 'array', items: TENSOR },
      outputs: { type: 'array', items: { type: 'object', required: ['name'], properties: { name: { type: 'string' }, parameters: { type: 'object' } } } },
    },
  },
  InferenceResponse: {
    type: 'object', required: ['model_name', 'outputs'],
    properties: { model_name: { type: 'string' }, model_version: { type: ['string', 'null'] }, id: { type: 'string' }, parameters: { type: ['object', 'null'] }, outputs: { type: 'array', items: TENSOR } },
  },
  Failure: { type: 'object', properties: { error: { type: 'string' } } },
};
