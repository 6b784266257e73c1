import type { ApiObjectProps } from 'cdk8s';
import type { KubeObject } from '../api';

/** Our objects are deeply read-only, cdk8s' properties are not; it never writes to them. */
export function apiObjectProps(object: KubeObject): ApiObjectProps {
  return object as unknown as ApiObjectProps;
}
