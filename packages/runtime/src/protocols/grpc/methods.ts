import type { GrpcMethod } from './grpc-method';
import { healthCheck, healthWatch } from './health-methods';
import { modelInfer, modelStreamInfer } from './model-infer';
import { repositoryIndex, repositoryModelLoad, repositoryModelUnload } from './repository-methods';
import { serverReflectionInfo } from './reflection/reflection-methods';
import { modelMetadata, modelReady, serverLive, serverMetadata, serverReady } from './server-methods';

/** Every method by its path, as it stands in `:path`. */
const METHODS: ReadonlyMap<string, GrpcMethod> = new Map(Object.entries({
  '/inference.GRPCInferenceService/ModelInfer': modelInfer,
  '/inference.GRPCInferenceService/ModelStreamInfer': modelStreamInfer,
  '/inference.GRPCInferenceService/ServerLive': serverLive,
  '/inference.GRPCInferenceService/ServerReady': serverReady,
  '/inference.GRPCInferenceService/ServerMetadata': serverMetadata,
  '/inference.GRPCInferenceService/ModelReady': modelReady,
  '/inference.GRPCInferenceService/ModelMetadata': modelMetadata,
  '/inference.GRPCInferenceService/RepositoryIndex': repositoryIndex,
  '/inference.GRPCInferenceService/RepositoryModelLoad': repositoryModelLoad,
  '/inference.GRPCInferenceService/RepositoryModelUnload': repositoryModelUnload,
  '/grpc.health.v1.Health/Check': healthCheck,
  '/grpc.health.v1.Health/Watch': healthWatch,
  '/grpc.reflection.v1.ServerReflection/ServerReflectionInfo': serverReflectionInfo,
  '/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo': serverReflectionInfo,
}));

/** @returns `undefined` for a method that nobody serves. */
export function findGrpcMethod(path: string): GrpcMethod | undefined {
  return METHODS.get(path);
}
