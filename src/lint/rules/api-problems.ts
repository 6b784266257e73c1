import { IRIS as GOOD, documents, plainObject, rawService, service } from '../example';
import type { Rule } from '../rule';
import { wrapped } from './wrapped';


/** Faults of one object looked at alone: what the schema and KServe's webhooks refuse. */
export const API_RULES: readonly Rule[] = [
  {
    code: 'ISVC_API_INVALID_YAML', severity: 'error', title: 'Files are YAML',
    why: 'Nothing can be read from a file that is not YAML. kubectl and GitOps controllers stop at it too.',
    bad: 'apiVersion: serving.kserve.io/v1beta1\nkind: [InferenceService\n', good: GOOD,
  },
  {
    code: 'ISVC_API_NOT_AN_OBJECT', severity: 'error', title: 'Documents are Kubernetes objects',
    why: 'Every document needs apiVersion, kind and metadata.name; an API server refuses others. Files for other tools belong into `ignore` of .isvc-lint.yaml.',
    bad: 'apiVersion: serving.kserve.io/v1beta1\nmetadata:\n  name: iris\n', good: GOOD,
  },
  wrapped('ISVC_API_UNKNOWN_KIND', {
    title: 'Kinds and versions are served',
    why: 'An API server answers "no matches for kind" and applies nothing of the file. Versions before v1beta1 are not served here.',
    bad: GOOD.replace('kind: InferenceService', 'kind: InferenceServce'), good: GOOD,
  }),
  wrapped('ISVC_API_UNKNOWN_FIELD', {
    title: 'Fields exist',
    why: 'An API server drops fields that it does not know, with a warning at most. The setting is then silently missing.',
    bad: GOOD.replace('storageUri', 'storageURI'), good: GOOD,
  }),
  wrapped('ISVC_API_WRONG_TYPE', {
    title: 'Values have the type of their field',
    why: 'The API server refuses the object. Bare `1`, `true`, `yes` and `no` are not text in YAML: labels, annotations and environment need quotes.',
    bad: service(`
      predictor:
        minReplicas: "1"
        model:
          modelFormat: { name: sklearn }
          storageUri: s3://models/iris
    `),
    good: service(`
      predictor:
        minReplicas: 1
        model:
          modelFormat: { name: sklearn }
          storageUri: s3://models/iris
    `),
  }),
  wrapped('ISVC_API_REQUIRED', {
    title: 'Required fields are there',
    why: 'Without it the object is refused, or means nothing that could be served.',
    bad: service(`
      predictor:
        model:
          storageUri: s3://models/iris
    `),
    good: GOOD,
  }),
  wrapped('ISVC_API_INVALID_VALUE', {
    title: 'Values are among those allowed',
    why: 'KServe\'s webhooks refuse the object, or would have to guess: bounds, names, shares of canaries, autoscaling metrics, storage paths.',
    bad: service(`
      predictor:
        minReplicas: 5
        maxReplicas: 2
        model:
          modelFormat: { name: sklearn }
          storageUri: s3://models/iris
    `),
    good: service(`
      predictor:
        minReplicas: 2
        maxReplicas: 5
        model:
          modelFormat: { name: sklearn }
          storageUri: s3://models/iris
    `),
  }),
  wrapped('ISVC_API_EXACTLY_ONE', {
    title: 'A component says once what it is',
    why: 'A predictor with a model and a custom server, or with none, cannot be served; KServe\'s webhook refuses it.',
    bad: service(`
      predictor:
        sklearn:
          storageUri: s3://models/iris
        model:
          modelFormat: { name: sklearn }
          storageUri: s3://models/iris
    `),
    good: GOOD,
  }),
  wrapped('ISVC_API_CONFIG', {
    title: 'The platform configuration can be read',
    why: 'The ConfigMap inferenceservice-config decides for every service; a section that is not JSON, or has unknown values, stops them all.',
    bad: documents(plainObject('v1', 'ConfigMap', 'data:\n  deploy: "{not json"', { name: 'inferenceservice-config', namespace: 'kserve' })),
    good: documents(plainObject('v1', 'ConfigMap', `data:\n  deploy: '{"defaultDeploymentMode": "RawDeployment"}'`, { name: 'inferenceservice-config', namespace: 'kserve' }), rawService(`
      predictor:
        model:
          modelFormat: { name: sklearn }
          storageUri: s3://models/iris
    `)),
  }),
];
