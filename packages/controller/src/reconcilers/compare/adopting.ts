import { FIELD_MANAGER, type KubeObject } from 'cdk8s-kserve/api';
import { hasOurHabits, withoutOurHabits } from 'cdk8s-kserve/render';
import { findDifferences } from './find-differences';

/** What to apply over a live child: a Deployment that somebody else made does not restart for our habits alone. Pure. */
export function adopting(desired: KubeObject, live: KubeObject | undefined): KubeObject {
  if (!live || desired.kind !== 'Deployment' || hasOurHabits(live, FIELD_MANAGER)) {
    return desired;
  }
  const lighter = withoutOurHabits(desired);
  return findDifferences(lighter, live).some((path) => path.startsWith('spec.template')) ? desired : lighter;
}
