import { ANNOTATION, type ComponentExtension, type MetricsSpec, type ScaleMetric, type ScalingBehavior } from '../api';
import { misuse } from './check';

/**
 * What a component is scaled on. Knative follows requests (`concurrency`, `rps`); a Deployment follows cpu, memory, or
 * anything that KEDA can read.
 */
export class Scale {
  /** @param target per cent of the cpu request, 1 to 100. */
  static cpu(target = 80): Scale {
    return onMetric('cpu', percent('Scale.cpu', target));
  }

  /** @param target per cent of the memory request, 1 to 100. */
  static memory(target = 80): Scale {
    return onMetric('memory', percent('Scale.memory', target));
  }

  /** @param target requests in flight, a replica. In raw mode the platform needs KEDA and Prometheus. */
  static concurrency(target: number): Scale {
    return onMetric('concurrency', positive('Scale.concurrency', target));
  }

  /** @param target requests a second, a replica. In raw mode the platform needs KEDA and Prometheus. */
  static rps(target: number): Scale {
    return onMetric('rps', positive('Scale.rps', target));
  }

  /** A KEDA ScaledObject on the given metrics; the one that asks for most replicas counts. Raw mode only. */
  static keda(...metrics: readonly MetricsSpec[]): Scale {
    if (metrics.length === 0) throw misuse('Scale.keda', 'needs at least one metric', 'pass e.g. KedaMetric.prometheus({...})');
    return new Scale({ autoScaling: { metrics }, annotations: { [ANNOTATION.autoscalerClass]: 'keda' } });
  }

  /** As many replicas as `minReplicas` says; no autoscaler. Raw mode only. */
  static fixed(): Scale {
    return new Scale({ annotations: { [ANNOTATION.autoscalerClass]: 'none' } });
  }

  /** An autoscaler of yours looks after the Deployment. Raw mode only. */
  static external(): Scale {
    return new Scale({ annotations: { [ANNOTATION.autoscalerClass]: 'external' } });
  }

  /** The fields and annotations of the component that say so. */
  readonly fields: ComponentExtension;

  private constructor(fields: ComponentExtension) {
    this.fields = fields;
  }

  /** The same with windows and policies of the HorizontalPodAutoscaler that KEDA makes. */
  withBehavior(behavior: ScalingBehavior): Scale {
    if (!this.fields.autoScaling) throw misuse('Scale.withBehavior', 'has an effect on KEDA only', 'use Scale.keda(KedaMetric.cpu(65)).withBehavior(...)');
    return new Scale({ ...this.fields, autoScaling: { ...this.fields.autoScaling, behavior } });
  }

  /** @internal */
  static fromFields(fields: ComponentExtension): Scale {
    return new Scale(fields);
  }
}

function onMetric(scaleMetric: ScaleMetric, scaleTarget: number): Scale {
  return Scale.fromFields({ scaleMetric, scaleTarget });
}

function percent(factory: string, target: number): number {
  if (Number.isInteger(target) && target >= 1 && target <= 100) return target;
  throw misuse(factory, `target must be a whole number of per cent from 1 to 100, got ${target}`, 'write e.g. 65');
}

function positive(factory: string, target: number): number {
  if (Number.isInteger(target) && target >= 1) return target;
  throw misuse(factory, `target must be a whole number >= 1, got ${target}`, 'write e.g. 10');
}
