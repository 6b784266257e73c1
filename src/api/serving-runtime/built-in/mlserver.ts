import { SERVER_PORT } from '../../keys';
import type { ServingRuntime } from '../types';
import { clusterRuntime } from './cluster-runtime';

const auto = (name: string, priority: number, ...versions: readonly string[]): readonly { readonly name: string; readonly version: string; readonly autoSelect: true; readonly priority: number }[] =>
  versions.map((version) => ({ name, version, autoSelect: true, priority }));

/** Seldon's MLServer: V2 for scikit-learn, XGBoost, LightGBM and MLflow. Our own servers come first. */
export const MLSERVER: ServingRuntime = clusterRuntime({
  name: 'kserve-mlserver',
  serverType: 'mlserver',
  supportedModelFormats: [...auto('sklearn', 2, '0', '1'), ...auto('xgboost', 2, '1', '2'), ...auto('lightgbm', 2, '3', '4'), ...auto('mlflow', 1, '1', '2')],
  protocolVersions: ['v2'],
  server: {
    image: 'docker.io/seldonio/mlserver:1.7.1',
    env: [
      { name: 'MLSERVER_MODEL_IMPLEMENTATION', value: '{{.Labels.modelClass}}' },
      { name: 'MLSERVER_HTTP_PORT', value: String(SERVER_PORT) },
      { name: 'MLSERVER_GRPC_PORT', value: '9000' },
    ],
  },
});
