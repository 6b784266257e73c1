import type { ModeName, StringMap } from '../api';
import type { PredictorProps } from './component/predictor-props';
import type { ExplainerProps, TransformerProps } from './component/transformer-props';
import type { Target } from './target';

/** What every object that becomes a service has beside its components. */
export interface ServiceObjectProps {
  /**
   * Name of the service, part of its host name.
   *
   * @default - the construct id
   */
  readonly name?: string;
  /**
   * Namespace of the service.
   *
   * @default - the chart's namespace
   */
  readonly namespace?: string;
  /**
   * How the service is run: `RawDeployment` (also `Standard`) or `Serverless` (also `Knative`).
   *
   * @default - the platform's mode
   */
  readonly mode?: ModeName;
  /**
   * Labels of the service; its children carry them too.
   *
   * @default - none
   */
  readonly labels?: StringMap;
  /**
   * Annotations of the service; its children carry most of them too.
   *
   * @default - none
   */
  readonly annotations?: StringMap;
  /**
   * `declare` writes the resource for a controller to act on; `expand` writes the children that the controller would
   * create, for clusters without one.
   *
   * @default 'declare'
   */
  readonly output?: 'declare' | 'expand';
  /**
   * Which controller reads the resource. What it cannot do is an error at synthesis.
   *
   * @default - the platform's target
   */
  readonly target?: Target;
  /**
   * Merged over `spec` at the end: the way to a field that has no property here. Maps merge, lists replace.
   *
   * @default - none
   */
  readonly overrides?: Readonly<Record<string, unknown>>;
}

export interface InferenceServiceProps extends ServiceObjectProps {
  /** The model and its server. */
  readonly predictor: PredictorProps;
  /**
   * What turns requests into what the model expects.
   *
   * @default - requests reach the predictor as they are
   */
  readonly transformer?: TransformerProps;
  /**
   * What answers `:explain` requests.
   *
   * @default - none
   */
  readonly explainer?: ExplainerProps;
}
