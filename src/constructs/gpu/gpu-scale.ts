import { misuse } from '../check';
import { KedaMetric } from '../keda-metric';
import { Scale } from '../scale';

/** For whom a metric is asked. */
export interface GpuScaleContext {
  readonly path: string;
  readonly service: string;
  readonly namespace: string;
  readonly prometheus: string | undefined;
}

export interface GpuQueueOptions {
  /**
   * Requests that may wait for one replica.
   *
   * @default 5
   */
  readonly perReplica?: number;
}

export interface GpuBusyOptions {
  /**
   * Per cent of the time that a GPU computes.
   *
   * @default 70
   */
  readonly percent?: number;
  /**
   * Prefix of the exporter's labels for the pod that uses the GPU: `exported_` unless Prometheus honours labels.
   *
   * @default 'exported_'
   */
  readonly labelPrefix?: 'exported_' | '';
}

const QUEUES: Readonly<Record<string, string>> = { triton: 'nv_inference_pending_request_count', huggingface: 'vllm:num_requests_waiting', vLLM: 'vllm:num_requests_waiting' };

/** GPU metrics to scale on, read from the platform's Prometheus by KEDA. CPU use says nothing about a GPU server. */
export class GpuScale {
  /** Requests that wait: the signal that rises first. Of Triton, vLLM and the Hugging Face server. */
  static queue({ perReplica = 5 }: GpuQueueOptions = {}): GpuScale {
    return new GpuScale((pods, format, path) => {
      const metric = QUEUES[format];
      if (metric === undefined) throw misuse(path, `it is not known which metric of format "${format}" tells waiting requests`, `formats are ${Object.keys(QUEUES).join(', ')}; use Scale.keda(KedaMetric.prometheus({...})) for others`);
      return { query: `sum(${metric}{${pods('')}})`, perReplica };
    });
  }

  /** Time that the GPU computes, of the DCGM exporter. Not for shared GPUs, whose pods it cannot tell apart. */
  static busy({ percent = 70, labelPrefix = 'exported_' }: GpuBusyOptions = {}): GpuScale {
    return new GpuScale((pods) => ({ query: `sum(DCGM_FI_PROF_GR_ENGINE_ACTIVE{${pods(labelPrefix)}}) * 100`, perReplica: percent }));
  }

  private readonly queryFor: (pods: (prefix: string) => string, format: string, path: string) => { readonly query: string; readonly perReplica: number };

  private constructor(queryFor: GpuScale['queryFor']) {
    this.queryFor = queryFor;
  }

  /** @throws IsvcError ISVC_CONSTRUCT_MISUSE when the platform has no Prometheus. */
  toScale(format: string, { path, service, namespace, prometheus }: GpuScaleContext): Scale {
    if (prometheus === undefined) throw misuse(path, 'GPU metrics come from Prometheus, and the platform names none', "set Platform.of(chart, { keda: { prometheus: 'http://prometheus.monitoring:9090' } })");
    const pods = (prefix: string): string => `${prefix}namespace="${namespace}", ${prefix}pod=~"${service}-predictor-.*"`;
    return Scale.keda(KedaMetric.prometheus({ serverAddress: prometheus, ...this.queryFor(pods, format, path) }));
  }

  /** Whether a preset fits a format, so that it can be a default. */
  static hasQueue(format: string): boolean {
    return Object.hasOwn(QUEUES, format);
  }
}
