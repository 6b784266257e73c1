import { ANNOTATION, LABEL, MODEL_DIR, type EnvVar, type InferenceService, type ModelSpec, type ServingRuntime, type StringMap } from '../api';

/** Families of servers by the names of KServe's runtimes, for runtimes that do not say theirs. */
const TYPE_BY_NAME: Readonly<Record<string, string>> = {
  'kserve-mlserver': 'mlserver',
  'kserve-torchserve': 'torchserve',
  'kserve-tritonserver': 'tritonserver',
  'kserve-tensorflow-serving': 'tensorflow-serving',
  'kserve-huggingfaceserver': 'huggingfaceserver',
  'kserve-vllmserver': 'vllmserver',
};
/** MLServer's class for each format. */
const MODEL_CLASSES: Readonly<Record<string, string>> = {
  xgboost: 'mlserver_xgboost.XGBoostModel',
  lightgbm: 'mlserver_lightgbm.LightGBMModel',
  mlflow: 'mlserver_mlflow.MLflowRuntime',
};
const DEFAULT_MODEL_CLASS = 'mlserver_sklearn.SKLearnModel';

/** Which family of servers a runtime runs: its annotation's, or the one its name is known for. */
export function serverTypeOf(runtime: ServingRuntime): string | undefined {
  return runtime.metadata.annotations?.[ANNOTATION.serverType] ?? TYPE_BY_NAME[runtime.metadata.name];
}

export interface ServerDefaults {
  readonly model: ModelSpec;
  /** Labels that the service's objects get and that placeholders of the runtime read. */
  readonly labels: StringMap;
}

/** What some families of servers need to be told that no manifest says. */
export function withServerDefaults(service: InferenceService, model: ModelSpec, hasStorage: boolean, runtime: ServingRuntime): ServerDefaults {
  const type = serverTypeOf(runtime);
  if (type === 'mlserver') {
    const env = hasStorage
      ? [{ name: 'MLSERVER_MODEL_NAME', value: service.metadata.name }, { name: 'MLSERVER_MODEL_URI', value: MODEL_DIR }]
      : [{ name: 'MLSERVER_LOAD_MODELS_AT_STARTUP', value: 'false' }];
    return { model: withEnv(model, env), labels: { [LABEL.modelClass]: MODEL_CLASSES[model.modelFormat.name] ?? DEFAULT_MODEL_CLASS } };
  }
  if (type === 'torchserve') {
    const protocol = model.protocolVersion ?? 'v1';
    const envelope = protocol === 'v2' || protocol === 'grpc-v2' ? 'kservev2' : 'kserve';
    return { model: withEnv(model, [{ name: 'PROTOCOL_VERSION', value: protocol }]), labels: { [LABEL.serviceEnvelope]: envelope } };
  }
  if (type === 'tritonserver' && !hasStorage) return { model: { ...model, args: [...(model.args ?? []), '--model-control-mode=explicit'] }, labels: {} };
  return { model, labels: {} };
}

/** Adds variables that the model does not set itself. */
function withEnv(model: ModelSpec, added: readonly EnvVar[]): ModelSpec {
  const own = new Set((model.env ?? []).map((e) => e.name));
  return { ...model, env: [...(model.env ?? []), ...added.filter((e) => !own.has(e.name))] };
}
