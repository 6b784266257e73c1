import { objectKey, type InferenceService } from 'cdk8s-kserve/api';
import { readyOf } from '../output/isvc-table';

/** A service that cannot become ready without a change. */
export interface FailedService {
  readonly service: string;
  readonly message: string;
}

export function allReady(services: readonly InferenceService[], expected: number): boolean {
  return services.length >= expected && services.every((s) => readyOf(s)?.status === 'True' && isCurrent(s));
}

/** Services whose model failed to load or whose spec is invalid, with the cause in the words of whoever found it. */
export function failedServices(services: readonly InferenceService[]): readonly FailedService[] {
  return services.flatMap((service) => {
    const model = service.status?.modelStatus;
    const failed = model?.transitionStatus === 'BlockedByFailedLoad' || model?.transitionStatus === 'InvalidSpec';
    if (!failed || readyOf(service)?.status === 'True') return [];
    return [{ service: objectKey(service.metadata), message: model.lastFailureInfo?.message ?? readyOf(service)?.message ?? 'the model failed to load' }];
  });
}

function isCurrent(service: InferenceService): boolean {
  return service.status?.observedGeneration === service.metadata.generation;
}
