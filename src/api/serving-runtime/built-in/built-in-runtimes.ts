import type { ServingRuntime } from '../types';
import { DEEP_LEARNING_RUNTIMES } from './deep-learning';
import { LANGUAGE_MODEL_RUNTIMES } from './language-models';
import { MLSERVER } from './mlserver';
import { MULTI_NODE_RUNTIME } from './multi-node';
import { ONNX_RUNTIMES } from './onnx';
import { TABULAR_RUNTIMES } from './tabular';

/**
 * The ClusterServingRuntimes that this project ships: a counterpart of each of KServe's, and ours for ONNX and MLflow, for
 * which KServe has none. Names are KServe's, so that manifests which name a runtime keep working; a cluster that already has
 * one of that name keeps its own.
 *
 * Our own image serves sklearn, xgboost, lightgbm, onnx and mlflow. The others name their makers' images.
 */
export const BUILT_IN_RUNTIMES: readonly ServingRuntime[] = [...TABULAR_RUNTIMES, ...ONNX_RUNTIMES, MLSERVER, ...DEEP_LEARNING_RUNTIMES, ...LANGUAGE_MODEL_RUNTIMES, MULTI_NODE_RUNTIME];
