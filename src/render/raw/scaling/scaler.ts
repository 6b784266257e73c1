import type { KubeObject } from '../../../api';
import type { Decision } from '../../types';

/** What scales a component: the objects that do it, in the order of apply, and why these. */
export interface Scaler {
  readonly objects: readonly KubeObject[];
  readonly decision: Decision;
}
