import type { Quantity } from '../../api';
import type { PredictorProps } from '../component/predictor-props';
import type { ExplainerProps, TransformerProps } from '../component/transformer-props';
import type { ServiceObjectProps } from '../inference-service-props';
import type { Scale } from '../scale';
import type { Gpu } from './gpu';
import type { GpuNodes } from './gpu-nodes';
import type { GpuScale } from './gpu-scale';

/** Labels and annotations are the service's. */
export interface GpuPredictorProps extends Omit<PredictorProps, 'scale' | 'workerSpec' | 'labels' | 'annotations' | 'deploymentStrategy'>, Omit<ServiceObjectProps, 'mode'> {
  /** What accelerator each replica asks for. */
  readonly gpu: Gpu;
  /**
   * Which nodes it runs on.
   *
   * @default - any node with such a GPU
   */
  readonly nodes?: GpuNodes;
  /**
   * Allows `minReplicas: 0`. The first request then waits for node, image and model: 5 to 30 minutes on a cold node.
   *
   * @default false
   */
  readonly scaleToZero?: boolean;
  /**
   * What it is scaled on.
   *
   * @default - GpuScale.queue() where the platform has a Prometheus for KEDA and the format's server tells its queue; otherwise cpu, which follows a GPU server badly
   */
  readonly scale?: Scale | GpuScale;
  /**
   * Size of the model's weights. Memory, start-up budget and the check whether the model fits follow from it.
   *
   * @default - not known
   */
  readonly modelSize?: Quantity;
  /**
   * Size of `/dev/shm`, which counts against the memory limit. Containers have 64 MiB by themselves, too little for
   * Python backends and more than one GPU.
   *
   * @default - 1Gi for one GPU, 8Gi for up to 4, 16Gi for more
   */
  readonly sharedMemory?: Quantity;
  /**
   * Seconds that a replica may take to load its model before it is restarted.
   *
   * @default 1800, or more if `modelSize` takes longer to read
   */
  readonly startupSeconds?: number;
  /**
   * GPUs that are free for a rollout. With none, a new pod could not start before an old one has gone.
   *
   * @default 0
   */
  readonly spareGpus?: number;
  /**
   * What turns requests into what the model expects; it runs on CPUs.
   *
   * @default - none
   */
  readonly transformer?: TransformerProps;
  /**
   * What answers `:explain` requests.
   *
   * @default - none
   */
  readonly explainer?: ExplainerProps;
}
