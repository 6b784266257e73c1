import { SERVER_PORT } from '../../keys';
import { RUNTIME_IMAGE } from '../image';
import type { ServingRuntime } from '../types';
import { KSERVE_TAG, SERVER_ARGS, clusterRuntime } from './cluster-runtime';

const V1_V2 = ['v1', 'v2'] as const;

/** Our own image as a server: no Python, and nothing in a model file is executed. */
const OUR_SERVER = {
  image: RUNTIME_IMAGE,
  readinessProbe: { httpGet: { path: '/v1/models/{{.Name}}', port: SERVER_PORT }, periodSeconds: 5, failureThreshold: 3 },
} as const;

/** KServe differs: our server comes before MLServer for V2 too, here and for the two below. */
const SKLEARN: ServingRuntime = clusterRuntime({
  name: 'kserve-sklearnserver',
  serverType: 'sklearnserver',
  supportedModelFormats: [{ name: 'sklearn', version: '1', autoSelect: true, priority: 3 }],
  protocolVersions: V1_V2,
  server: { ...OUR_SERVER, args: SERVER_ARGS },
});

const XGBOOST: ServingRuntime = clusterRuntime({
  name: 'kserve-xgbserver',
  serverType: 'xgbserver',
  supportedModelFormats: [{ name: 'xgboost', version: '2', autoSelect: true, priority: 3 }],
  protocolVersions: V1_V2,
  server: { ...OUR_SERVER, args: [...SERVER_ARGS, '--nthread=1'] },
});

const LIGHTGBM: ServingRuntime = clusterRuntime({
  name: 'kserve-lgbserver',
  serverType: 'lgbserver',
  supportedModelFormats: [{ name: 'lightgbm', version: '4', autoSelect: true, priority: 3 }],
  protocolVersions: V1_V2,
  server: { ...OUR_SERVER, args: [...SERVER_ARGS, '--nthread=1'] },
});

const PMML: ServingRuntime = clusterRuntime({
  name: 'kserve-pmmlserver',
  serverType: 'pmmlserver',
  supportedModelFormats: ['3', '4'].map((version) => ({ name: 'pmml', version, autoSelect: true, priority: 1 })),
  protocolVersions: V1_V2,
  server: { ...OUR_SERVER, args: SERVER_ARGS },
});

/** Several formats in one server; never chosen unless named. */
const PREDICTIVE: ServingRuntime = clusterRuntime({
  name: 'kserve-predictiveserver',
  serverType: 'predictiveserver',
  supportedModelFormats: [
    { name: 'sklearn', version: '1', autoSelect: false, priority: 3 },
    { name: 'xgboost', version: '2', autoSelect: false, priority: 3 },
    { name: 'lightgbm', version: '4', autoSelect: false, priority: 3 },
  ],
  protocolVersions: V1_V2,
  server: { image: `kserve/predictiveserver:${KSERVE_TAG}`, args: [...SERVER_ARGS, '--framework={{.Annotations.modelFormat}}', '--nthread=1'] },
});

const PADDLE: ServingRuntime = clusterRuntime({
  name: 'kserve-paddleserver',
  serverType: 'paddleserver',
  supportedModelFormats: [{ name: 'paddle', version: '2', autoSelect: true, priority: 1 }],
  protocolVersions: V1_V2,
  server: { image: `kserve/paddleserver:${KSERVE_TAG}`, args: SERVER_ARGS },
});

const AUTOGLUON: ServingRuntime = clusterRuntime({
  name: 'kserve-autogluonserver',
  serverType: 'autogluonserver',
  supportedModelFormats: [{ name: 'autogluon', version: '1', autoSelect: true, priority: 1 }],
  protocolVersions: V1_V2,
  server: { image: `kserve/autogluonserver:${KSERVE_TAG}`, args: SERVER_ARGS },
});

/** Servers of tables and small models that KServe's own images, or ours, run. */
export const TABULAR_RUNTIMES: readonly ServingRuntime[] = [SKLEARN, XGBOOST, LIGHTGBM, PMML, PREDICTIVE, PADDLE, AUTOGLUON];
