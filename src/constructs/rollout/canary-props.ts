import type { PredictorProps } from '../component/predictor-props';
import type { ExplainerProps, TransformerProps } from '../component/transformer-props';
import type { InferenceService } from '../inference-service';
import type { CanaryStep, Strategy } from './steps';

/** A canary has as many replicas as its share of the stable version's, so what would scale it is left out. */
type NotScaled = 'scale' | 'maxReplicas' | 'scaleTarget' | 'scaleMetric' | 'scaleMetricType' | 'autoScaling' | 'canaryTrafficPercent' | 'workerSpec' | 'credentials';

export type CanaryPredictorProps = Omit<PredictorProps, NotScaled>;

export interface CanaryProps {
  /** The service that gets a second version. One at a time. */
  readonly of: InferenceService;
  /**
   * What the new predictor changes over the stable one.
   *
   * @default - nothing
   */
  readonly predictor?: CanaryPredictorProps;
  /**
   * What the new transformer changes. It moves together with the predictor.
   *
   * @default - nothing; the version still has a transformer of its own where the service has one
   */
  readonly transformer?: Omit<TransformerProps, NotScaled>;
  /**
   * What the new explainer changes.
   *
   * @default - nothing
   */
  readonly explainer?: Omit<ExplainerProps, NotScaled>;
  /**
   * `Weighted`: a growing share of the requests. `BlueGreen`: none, then all; meanwhile the new version answers at an
   * address of its own. `Shadow`: copies of requests whose answers are dropped.
   *
   * @default 'Weighted'
   */
  readonly strategy?: Strategy;
  /**
   * Shares of the requests in per cent, rising, the last 100.
   *
   * @default [10, 25, 50, 100]; for BlueGreen [100]
   */
  readonly steps?: readonly (number | CanaryStep)[];
  /**
   * The step that holds now, by its weight: the line to change. 100 promotes, 0 rolls back and keeps the version's pods.
   *
   * @default - the first step; 0 for BlueGreen
   */
  readonly at?: number;
  /**
   * How many of the requests a Shadow gets copies of.
   *
   * @default - { percent: 100 }
   */
  readonly shadow?: { readonly percent?: number };
  /**
   * Name of the version; its objects are `SERVICE-VERSION-predictor` and so on.
   *
   * @default - the construct id, without the service's name before it
   */
  readonly version?: string;
  /**
   * Publishes the version under an address of its own: a tag (serverless) or a host (raw).
   *
   * @default - true for BlueGreen, false otherwise
   */
  readonly ownAddress?: boolean;
  /**
   * Knative revision that has the other requests. Expand output in serverless mode needs it, because nobody is there to
   * look; a controller knows it.
   *
   * @default - looked up by the controller
   */
  readonly stableRevision?: string | { readonly predictor: string; readonly transformer?: string; readonly explainer?: string };
}
